/** An operator's word that a copy found on a target may be thrown away. Also the code of the block that asks for it. */
export const discardApproval = 'target-holds-copy';
