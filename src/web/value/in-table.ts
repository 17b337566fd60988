import { createContext } from 'react';

/** Whether a value stands in a table. There the table has the focus and its keys act; no value is a stop of its own. */
export const InTable = createContext(false);
