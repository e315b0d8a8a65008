/** Fields of one line of a CSV file (RFC 4180; no line breaks inside fields, which price lists do not have). */
export const csvFields = (line: string): string[] =>
  [...line.matchAll(/(?<=^|,)(?:"((?:[^"]|"")*)"|([^,]*))(?=,|$)/g)].map(
    ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? "",
  );
