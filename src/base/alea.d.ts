/** The few types of seedrandom's alea that we use. Its main entry calls Math.random at import, this file does not. */
declare module "seedrandom/lib/alea.js" {
  interface Alea {
    (): number;
    int32(): number;
  }
  export default function alea(seed: string): Alea;
}
