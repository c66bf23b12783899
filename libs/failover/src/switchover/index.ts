export { rehearseSwitchover, type SwitchoverRehearsal } from './rehearse';
export { switchoverHandlers } from './handlers';
