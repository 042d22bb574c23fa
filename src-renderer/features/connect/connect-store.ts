// Whether the screen on which a server is chosen stands before the rest, and at which address it begins.
import { create } from 'zustand';

interface ConnectStore {
  open: boolean;
  address: string;
  begin: (address?: string) => void;
  close: () => void;
}

export const useConnect = create<ConnectStore>((set) => ({
  open: false,
  address: '',
  begin: (address = '') => set({ open: true, address }),
  close: () => set({ open: false, address: '' }),
}));
