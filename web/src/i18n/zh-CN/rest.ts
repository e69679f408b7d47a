// What the other pages say; it comes with the first of them.

import activity from './activity.json';
import assess from './assess.json';
import conflict from './conflict.json';
import gaps from './gaps.json';
import group from './group.json';
import hold from './hold.json';
import ledger from './ledger.json';
import merge from './merge.json';
import move from './move.json';
import owed from './owed.json';
import people from './people.json';
import plan from './plan.json';
import project from './project.json';
import signal from './signal.json';
import step from './step.json';
import task from './task.json';
import why from './why.json';

export default {
  activity,
  assess,
  conflict,
  gaps,
  group,
  hold,
  ledger,
  merge,
  move,
  owed,
  people,
  plan,
  project,
  signal,
  step,
  task,
  why,
};
