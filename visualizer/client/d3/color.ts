/** Takes the place of d3-color in the bundle: what the page interpolates are numbers, and none of them is a colour. */

const none = (): null => null;

export { none as color, none as cubehelix, none as hcl, none as hsl, none as lab, none as rgb };
