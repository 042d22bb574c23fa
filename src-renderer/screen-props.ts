/** What the router hands to every screen. */
export interface ScreenProps {
  params: Record<string, string>;
  query: URLSearchParams;
}
