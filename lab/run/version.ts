/** Stands in every file that linlab writes: a seed promises nothing across versions. A test holds it to package.json. */
export const LINLAB_VERSION = "0.1.0";
