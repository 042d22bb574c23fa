/** Text as part of HTML, also inside quoted attributes: nothing in it is markup any more. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** Text as part of XML. Characters that XML 1.0 does not allow are left out. */
export function escapeXml(text: string): string {
  // oxlint-disable-next-line no-control-regex -- they are what has to go
  return escapeHtml(text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, ''));
}
