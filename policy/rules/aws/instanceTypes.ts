/** Kinds of resource that say how EC2 instances are started. */
export const INSTANCE = "aws:ec2/instance:Instance";
export const LAUNCH_TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";

export const INSTANCE_TYPES: ReadonlySet<string> = new Set([INSTANCE, LAUNCH_TEMPLATE]);
