export { FINDING_CODES, type Finding, type FindingCode } from './finding';
export { findReplicaProblems, type Findings, type FindingsInput } from './findings';
export { updateFollowed } from './following';
export { HEAL_STEPS, healDryRun, type HealInput, type HealStep, type Proposal } from './heal-dry-run';
export { rejoinInputOf } from './rejoin-input';
export { type Suspicion } from './suspect-slot';
