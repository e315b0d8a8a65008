export const VPC = "aws:ec2/vpc:Vpc";
