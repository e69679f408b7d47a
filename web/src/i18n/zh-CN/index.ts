import account from './account.json';
import board from './board.json';
import common from './common.json';
import error from './error.json';
import gaps from './gaps.json';
import group from './group.json';
import move from './move.json';
import people from './people.json';
import project from './project.json';
import why from './why.json';

export default { account, board, common, error, gaps, group, move, people, project, why };
