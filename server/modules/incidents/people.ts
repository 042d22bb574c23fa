import type { PermissionRole } from '#server/contract/people.ts';
import type { Tx } from '#server/database/transaction.ts';

export interface Person {
  id: string;
  name: string;
  role: PermissionRole;
  disabled: boolean;
  teamIds: readonly string[];
}

/** What incidents need to know of people: their names, and who may be given something to do. */
export interface People {
  read(tx: Tx, userIds: string[]): Promise<Person[]>;
}
