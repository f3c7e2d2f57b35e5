// The catalogue in parts, as tools/words.ts hands it out.
declare module 'virtual:words' {
  const table: Record<string, Record<string, () => Promise<{ default: string }>>>;
  export default table;
}
