/** Documents of IAM: who may do what. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html */

/** Operator to condition key to the values it may have. */
export type Conditions = Readonly<
  Record<string, Readonly<Record<string, string | readonly string[]>>>
>;

/** One rule of a document. */
export interface Statement {
  /** Letters and digits; says what the rule is for. */
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  /** Whom a resource's own document is about; absent in the document of an identity. */
  readonly Principal?: "*" | { readonly AWS: string } | { readonly Service: string };
  readonly Action: readonly string[];
  /** Absent in a document that says who may take a role. */
  readonly Resource?: readonly string[];
  readonly Condition?: Conditions;
}

export interface IamDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Statement[];
}

/** A document of these rules. */
export const iamDocument = (statements: readonly Statement[]): IamDocument => ({
  Version: "2012-10-17",
  Statement: statements,
});
