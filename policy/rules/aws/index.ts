/** What a stack on AWS is held to. */
import type { AnyRule } from "../../rule.ts";
import { bucketEncrypted } from "./bucketEncrypted.ts";
import { bucketOwnerEnforced } from "./bucketOwnerEnforced.ts";
import { bucketPublicAccess } from "./bucketPublicAccess.ts";
import { bucketTlsOnly } from "./bucketTlsOnly.ts";
import { bucketVersioned } from "./bucketVersioned.ts";
import { customerKey } from "./customerKey.ts";
import { defaultSecurityGroupClosed } from "./defaultSecurityGroupClosed.ts";
import { detailedMonitoring } from "./detailedMonitoring.ts";
import { ebsOptimized } from "./ebsOptimized.ts";
import { ecrImmutableTags } from "./ecrImmutableTags.ts";
import { ecrLifecycle } from "./ecrLifecycle.ts";
import { ecrScanOnPush } from "./ecrScanOnPush.ts";
import { egressLimited } from "./egressLimited.ts";
import { elasticIpAttached } from "./elasticIpAttached.ts";
import { firewallDescriptions } from "./firewallDescriptions.ts";
import { iamActions } from "./iamActions.ts";
import { iamResources } from "./iamResources.ts";
import { imdsHopLimit } from "./imdsHopLimit.ts";
import { imdsV2 } from "./imdsV2.ts";
import { instanceRole } from "./instanceRole.ts";
import { keyRotation } from "./keyRotation.ts";
import { logRetention } from "./logRetention.ts";
import { noAccessKeys } from "./noAccessKeys.ts";
import { noBroadManagedPolicies } from "./noBroadManagedPolicies.ts";
import { noKeyPair } from "./noKeyPair.ts";
import { noPlainSecrets } from "./noPlainSecrets.ts";
import { noPublicManagementPorts } from "./noPublicManagementPorts.ts";
import { noPublicResourcePolicies } from "./noPublicResourcePolicies.ts";
import { noSecretsInEnvironment } from "./noSecretsInEnvironment.ts";
import { noSecretsInUserData } from "./noSecretsInUserData.ts";
import { onlyPlannedPublicPorts } from "./onlyPlannedPublicPorts.ts";
import { publicAddressByElasticIp } from "./publicAddressByElasticIp.ts";
import { publicPortsBounded } from "./publicPortsBounded.ts";
import { rolesTrustServices } from "./rolesTrustServices.ts";
import { securityGroupAttached } from "./securityGroupAttached.ts";
import { userDataSize } from "./userDataSize.ts";
import { volumesEncrypted } from "./volumesEncrypted.ts";
import { vpcFlowLogs } from "./vpcFlowLogs.ts";

export const awsRules: readonly AnyRule[] = [
  bucketEncrypted,
  bucketOwnerEnforced,
  bucketPublicAccess,
  bucketTlsOnly,
  bucketVersioned,
  customerKey,
  defaultSecurityGroupClosed,
  detailedMonitoring,
  ebsOptimized,
  ecrImmutableTags,
  ecrLifecycle,
  ecrScanOnPush,
  egressLimited,
  elasticIpAttached,
  firewallDescriptions,
  iamActions,
  iamResources,
  imdsHopLimit,
  imdsV2,
  instanceRole,
  keyRotation,
  logRetention,
  noAccessKeys,
  noBroadManagedPolicies,
  noKeyPair,
  noPlainSecrets,
  noPublicManagementPorts,
  noPublicResourcePolicies,
  noSecretsInEnvironment,
  noSecretsInUserData,
  onlyPlannedPublicPorts,
  publicAddressByElasticIp,
  publicPortsBounded,
  rolesTrustServices,
  securityGroupAttached,
  userDataSize,
  volumesEncrypted,
  vpcFlowLogs,
];
