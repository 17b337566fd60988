export function preparedPath(): string;
