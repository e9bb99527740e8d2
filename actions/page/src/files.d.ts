/** A photograph in the page's script, as bytes (infra/packaging/page.ts). */
declare module '*.jpg' {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}
