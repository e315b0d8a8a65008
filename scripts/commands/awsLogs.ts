/** Where the logs of a node in AWS are, and the commands that show them. */
import type { CloudOutputs } from "../../turn/outputs.ts";
import { shellWord } from "../shellWord.ts";
import { UserError } from "../userError.ts";

export interface AwsLogsQuestion {
  readonly stack: string;
  readonly cloud: CloudOutputs;
  /** One service; all of them when absent. */
  readonly service?: string | undefined;
  readonly follow: boolean;
}

/** For `npm run logs`: nothing of it is on this machine. */
export function logsAreInAws({ stack, cloud, service, follow }: AwsLogsQuestion): UserError {
  const { region, instanceId, logGroup } = cloud;
  const tail = [
    `aws logs tail ${shellWord(logGroup)} --region ${region} --since 1h`,
    ...(service === undefined ? [] : [`--log-stream-name-prefix ${shellWord(service)}`]),
    ...(follow ? ["--follow"] : []),
  ];
  return new UserError(
    `the logs of stack "${stack}" are in CloudWatch, log group ${logGroup} in ${region}; with the AWS CLI:`,
    [
      tail.join(" "),
      `a shell on the node (Session Manager's plugin of the AWS CLI): aws ssm start-session --region ${region} --target ${instanceId}`,
    ],
  );
}
