// What the first page says.

import account from './account.json';
import board from './board.json';
import common from './common.json';
import error from './error.json';

export default { account, board, common, error };
