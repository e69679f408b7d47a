// What the other pages say; it comes with the first of them.

import activity from './activity.json';
import assess from './assess.json';
import brief from './brief.json';
import conflict from './conflict.json';
import duties from './duties.json';
import deploy from './deploy.json';
import gaps from './gaps.json';
import group from './group.json';
import hazard from './hazard.json';
import hold from './hold.json';
import leave from './leave.json';
import ledger from './ledger.json';
import merge from './merge.json';
import move from './move.json';
import notice from './notice.json';
import objective from './objective.json';
import owed from './owed.json';
import people from './people.json';
import plan from './plan.json';
import project from './project.json';
import seal from './seal.json';
import signal from './signal.json';
import site from './site.json';
import state from './state.json';
import step from './step.json';
import task from './task.json';
import why from './why.json';
import year from './year.json';

export default {
  activity,
  assess,
  brief,
  conflict,
  duties,
  deploy,
  gaps,
  group,
  hazard,
  hold,
  leave,
  ledger,
  merge,
  move,
  notice,
  objective,
  owed,
  people,
  plan,
  project,
  seal,
  signal,
  site,
  state,
  step,
  task,
  why,
  year,
};
