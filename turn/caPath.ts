/** Where the API of a stack with a local CA hands out the CA's certificate. */
export const CA_PATH = "/ca.crt";
