// The vocabulary: kinds of things, their fields and choices. Made by `make types` from
// src/vocab/kinds.def; not edited by hand.

/** A UUID. */
export type Id = string;

/** A calendar day such as 2026-11-22. */
export type Day = string;

export type LevelChoice =
  | 'group'
  | 'province'
  | 'company'
  | 'department'
  | 'team';

export type SexChoice =
  | 'unknown'
  | 'male'
  | 'female';

export type EmploymentChoice =
  | 'own'
  | 'dispatched'
  | 'contractor';

export type StageChoice =
  | 'planned'
  | 'active'
  | 'suspended'
  | 'closed'
  | 'cancelled';

export type PhaseChoice =
  | 'PRE'
  | 'MOB'
  | 'SUR'
  | 'FND'
  | 'TRN'
  | 'TWR'
  | 'STR'
  | 'CAB'
  | 'TST'
  | 'ACC'
  | 'ENG'
  | 'DEM';

export type GroupKindChoice =
  | 'party'
  | 'union'
  | 'crew';

export type FormChoice =
  | 'group'
  | 'branch'
  | 'temporary_branch'
  | 'joint_branch';

export type SourceChoice =
  | 'roster'
  | 'hr'
  | 'sign_on'
  | 'move';

export type StandingChoice =
  | 'party_formal'
  | 'party_probationary'
  | 'union_member';

export type EffectChoice =
  | 'include'
  | 'exclude';

export type PostChoice =
  | 'leader'
  | 'secretary'
  | 'deputy';

export type ProgressChoice =
  | 'planned'
  | 'held'
  | 'cancelled';

export type PracticeChoice =
  | 'learning'
  | 'co_creation'
  | 'integrity'
  | 'care';

export type MeetingChoice =
  | 'party_group_meeting'
  | 'branch_meeting'
  | 'committee_meeting'
  | 'party_lecture'
  | 'theme_day'
  | 'organisation_life'
  | 'appraisal'
  | 'union_meeting'
  | 'pre_shift_talk'
  | 'safety_day'
  | 'emergency_drill';

export type GoalChoice =
  | 'safety'
  | 'production'
  | 'stability'
  | 'development';

export type ItemModeChoice =
  | 'common'
  | 'particular';

export type ActChoice =
  | 'accept'
  | 'report'
  | 'pass'
  | 'rework'
  | 'ask_extension'
  | 'grant_extension'
  | 'refuse_extension'
  | 'withdraw'
  | 'assess';

export type DecisionChoice =
  | 'upheld'
  | 'corrected';

export type EdgeChoice =
  | 'start'
  | 'end';

export type FocusChoice =
  | 'thought'
  | 'rules'
  | 'ability'
  | 'progress';

export type GripChoice =
  | 'basics'
  | 'rules'
  | 'team'
  | 'brand';

export type RiskSchemeChoice =
  | 'sgcc_176_2015'
  | 'qgdw_12152_2021';

export type CurveChoice =
  | 'goal'
  | 'target';

export type CarrierChoice =
  | 'tv'
  | 'board'
  | 'banner'
  | 'booklet'
  | 'broadcast'
  | 'online';

export type ExclusionChoice =
  | 'away'
  | 'ill'
  | 'abroad'
  | 'sentenced'
  | 'unable';

export type AttendanceChoice =
  | 'expected'
  | 'present'
  | 'online'
  | 'leave'
  | 'absent'
  | 'observer';

export type SignatureChoice =
  | 'own_phone'
  | 'shared_phone'
  | 'paper';

export type MatterChoice =
  | 'work'
  | 'study'
  | 'safety'
  | 'care'
  | 'resolution'
  | 'admission'
  | 'appraisal'
  | 'criticism'
  | 'discipline'
  | 'dues'
  | 'election'
  | 'hardship'
  | 'union_dues'
  | 'pay'
  | 'rota'
  | 'ticket';

export type BallotChoice =
  | 'voice'
  | 'hands'
  | 'secret'
  | 'named';

export type CheckedChoice =
  | 'in_order'
  | 'mended'
  | 'not_in_order'
  | 'not_here';

export type RiskKindChoice =
  | 'duty'
  | 'process'
  | 'rules'
  | 'outside';

export type RiskGradeChoice =
  | 'high'
  | 'medium'
  | 'low';

export type VisitKindChoice =
  | 'illness'
  | 'home'
  | 'festival'
  | 'front_line'
  | 'hardship';

export type SignalChoice =
  | 'hazard'
  | 'near_miss'
  | 'violation'
  | 'blocker'
  | 'idea'
  | 'need'
  | 'hardship'
  | 'integrity';

export type UnnamedChoice =
  | 'to_others'
  | 'to_everybody';

export type HandlingChoice =
  | 'register'
  | 'grade'
  | 'measure'
  | 'stop'
  | 'resume'
  | 'order'
  | 'rectify'
  | 'pass'
  | 'return'
  | 'close'
  | 'ask_extension'
  | 'extend'
  | 'refuse_extension'
  | 'escalate'
  | 'supervise'
  | 'union'
  | 'take'
  | 'answer'
  | 'confirm'
  | 'reopen'
  | 'review'
  | 'adopt'
  | 'decline'
  | 'carry_out'
  | 'benefit'
  | 'visit';

export type HazardGradeChoice =
  | 'minor'
  | 'serious'
  | 'major';

export type ReaderPurposeChoice =
  | 'integrity'
  | 'hardship';

export type ToolKindChoice =
  | 'harness'
  | 'safety_rope'
  | 'fall_arrester'
  | 'helmet'
  | 'climbers'
  | 'insulating_gloves'
  | 'insulating_boots'
  | 'voltage_detector'
  | 'insulating_rod'
  | 'earthing'
  | 'ladder'
  | 'hoist'
  | 'wire_rope'
  | 'pulley'
  | 'gin_pole'
  | 'power_tool'
  | 'other';

export type TestResultChoice =
  | 'passed'
  | 'failed';

/** 单位: a company, department or team; the tree of scopes */
export interface UnitFields {
  /** 名称 */
  name: string;
  /** 上级单位 */
  parent?: Id | null;
  /** 层级 */
  level?: LevelChoice | null;
  /** 单位编号 */
  code?: string | null;
  /** 统一社会信用代码 */
  uscc?: string | null;
}

/** 人员: somebody who can be posted to a project */
export interface PersonFields {
  /** 姓名 */
  name: string;
  /** 单位 */
  unit: Id;
  /** 工号 */
  staff_no?: string | null;
  /** 性别 */
  sex?: SexChoice | null;
  /** 出生日期 */
  birth?: Day | null;
  /** 工种 */
  trade?: string | null;
  /** 用工形式 */
  employment?: EmploymentChoice | null;
  /** 身份证号 */
  id_number?: string | null;
  /** 手机号 */
  phone?: string | null;
}

/** 项目: a line, a substation, a site where people work */
export interface ProjectFields {
  /** 名称 */
  name: string;
  /** 责任单位 */
  unit: Id;
  /** 项目编号 */
  code?: string | null;
  /** 状态 */
  stage?: StageChoice | null;
  /** 开工日期 */
  from: Day;
  /** 完工日期 */
  to?: Day | null;
  /** 纬度 */
  lat?: number | null;
  /** 经度 */
  lon?: number | null;
  /** 地点 */
  place?: string | null;
}

/** 阶段: a part of a project's schedule */
export interface PhaseFields {
  /** 项目 */
  project: Id;
  /** 阶段 */
  phase: PhaseChoice;
  /** 开始日期 */
  from: Day;
  /** 结束日期 */
  to?: Day | null;
}

/** 流动党员之家: a container with its box and displays */
export interface HomeFields {
  /** 名称 */
  name: string;
  /** 单位 */
  unit: Id;
  /** 设施 */
  facilities?: string | null;
}

/** 家的驻地: a home standing at a project for a time */
export interface HomeStationFields {
  /** 流动党员之家 */
  home: Id;
  /** 项目 */
  project: Id;
  /** 开始日期 */
  from: Day;
  /** 结束日期 */
  to?: Day | null;
}

/** 组: a Party group, a union group or a work crew */
export interface GroupFields {
  /** 名称 */
  name: string;
  /** 单位 */
  unit: Id;
  /** 类别 */
  kind: GroupKindChoice;
  /** 组织形式 */
  form?: FormChoice | null;
  /** 流动党员之家 */
  home?: Id | null;
}

/** 驻点: a group standing at a project for a time */
export interface StationFields {
  /** 组 */
  group: Id;
  /** 项目 */
  project: Id;
  /** 开始日期 */
  from: Day;
  /** 结束日期 */
  to?: Day | null;
}

/** 派驻: a person sent to a project for a time */
export interface PostingFields {
  /** 人员 */
  person: Id;
  /** 项目 */
  project: Id;
  /** 进场日期 */
  from: Day;
  /** 离场日期 */
  to?: Day | null;
  /** 班组 */
  crew?: Id | null;
  /** 来源 */
  source?: SourceChoice | null;
  /** 待确认 */
  pending?: boolean | null;
  /** 骨干 */
  core?: boolean | null;
}

/** 身份: a Party status or union membership */
export interface StandingFields {
  /** 人员 */
  person: Id;
  /** 身份 */
  standing: StandingChoice;
  /** 取得身份日期 */
  from: Day;
  /** 结束日期 */
  to?: Day | null;
}

/** 组织关系: the one Party branch a member formally belongs to */
export interface AffiliationFields {
  /** 人员 */
  person: Id;
  /** 党支部 */
  branch: Id;
  /** 开始日期 */
  from: Day;
  /** 结束日期 */
  to?: Day | null;
}

/** 例外: somebody in or out of a group against the rule, until a day */
export interface ExceptionFields {
  /** 组 */
  group: Id;
  /** 人员 */
  person: Id;
  /** 处理 */
  effect: EffectChoice;
  /** 理由 */
  reason: string;
  /** 开始日期 */
  from: Day;
  /** 结束日期 */
  to: Day;
}

/** 任职: somebody holding a post in a group */
export interface OfficeFields {
  /** 组 */
  group: Id;
  /** 人员 */
  person: Id;
  /** 职务 */
  post: PostChoice;
  /** 开始日期 */
  from: Day;
  /** 结束日期 */
  to?: Day | null;
}

/** 挂靠: a project whose members join a group standing elsewhere */
export interface AttachmentFields {
  /** 项目 */
  project: Id;
  /** 组 */
  group: Id;
  /** 开始日期 */
  from: Day;
  /** 结束日期 */
  to?: Day | null;
}

/** 联络党员: a Party member who looks after a project without members */
export interface LiaisonFields {
  /** 项目 */
  project: Id;
  /** 人员 */
  person: Id;
  /** 开始日期 */
  from: Day;
  /** 结束日期 */
  to?: Day | null;
}

/** 节假日: a day off or a make-up workday */
export interface HolidayFields {
  /** 日期 */
  day: Day;
  /** 名称 */
  name: string;
  /** 休息日 */
  off: boolean;
  /** 文件 */
  paper?: string | null;
}

/** 导入: one file taken in, as one act that can be undone */
export interface IntakeFields {
  /** 数据类别 */
  what: string;
  /** 文件名 */
  file: string;
  /** 文件校验值 */
  digest?: string | null;
  /** 新增 */
  added?: number | null;
  /** 更新 */
  changed?: number | null;
}

/** 审计记录: who did or looked at what, and when */
export interface AuditFields {
  /** 事件 */
  event: string;
  /** 账号 */
  account?: string | null;
  /** 成功 */
  success?: boolean | null;
  /** 对象 */
  subject?: string | null;
  /** 用途 */
  purpose?: string | null;
}

/** 活动: a meeting or activity; what is common to the groups that hold it */
export interface ActivityFields {
  /** 项目 */
  project: Id;
  /** 主题 */
  title: string;
  /** 日期 */
  day?: Day | null;
  /** 进展 */
  progress?: ProgressChoice | null;
  /** 地点 */
  place?: string | null;
  /** 议程 */
  agenda?: string | null;
  /** 时长（分钟） */
  duration?: number | null;
  /** 开始时间 */
  start?: string | null;
  /** 散会时间 */
  end?: string | null;
  /** 主持人 */
  host?: Id | null;
  /** 记录人 */
  recorder?: Id | null;
  /** 通知日期 */
  convened?: Day | null;
  /** 联动实践 */
  practice?: PracticeChoice | null;
  /** 共同记录 */
  record?: string | null;
}

/** 承办: a group holding an activity, and what it is for that group */
export interface PartFields {
  /** 活动 */
  activity: Id;
  /** 组 */
  group: Id;
  /** 会议类别 */
  meeting: MeetingChoice;
  /** 补开所属日期 */
  makes_up?: Day | null;
  /** 本组记录 */
  record?: string | null;
  /** 本组开始时间 */
  start?: string | null;
  /** 本组散会时间 */
  end?: string | null;
  /** 本组主持人 */
  host?: Id | null;
  /** 本组记录人 */
  recorder?: Id | null;
  /** 演练科目 */
  scenario?: string | null;
  /** 演练发现的问题 */
  found?: string | null;
  /** 改进措施 */
  mend?: string | null;
}

/** 免除: a group that need not hold a meeting in the period of a day, and why */
export interface WaiverFields {
  /** 组 */
  group: Id;
  /** 会议类别 */
  meeting: MeetingChoice;
  /** 所属日期 */
  day: Day;
  /** 理由 */
  reason: string;
}

/** 事项: what a unit wants done, at one or many projects */
export interface ItemFields {
  /** 事项名称 */
  title: string;
  /** 部署单位 */
  unit: Id;
  /** 目标领域 */
  goal: GoalChoice;
  /** 主题 */
  theme?: string | null;
  /** 方式 */
  mode: ItemModeChoice;
  /** 面向党小组 */
  for_party?: boolean | null;
  /** 面向工会小组 */
  for_union?: boolean | null;
  /** 面向班组 */
  for_crew?: boolean | null;
  /** 完成标准 */
  done_when: string;
  /** 完成期限 */
  due: Day;
  /** 权重 */
  weight?: number | null;
  /** 部署日期 */
  day?: Day | null;
}

/** 任务: an item at one project */
export interface TaskFields {
  /** 事项 */
  item: Id;
  /** 项目 */
  project: Id;
  /** 本项目完成期限 */
  due?: Day | null;
}

/** 步骤: what was done about a task, after which other step */
export interface StepFields {
  /** 任务 */
  task: Id;
  /** 步骤类别 */
  act: ActChoice;
  /** 前一步骤 */
  follows?: Id | null;
  /** 组别 */
  group_kind?: GroupKindChoice | null;
  /** 日期 */
  day?: Day | null;
  /** 内容 */
  words?: string | null;
  /** 佐证材料 */
  evidence?: string | null;
  /** 期限 */
  until?: Day | null;
  /** 经办人 */
  by?: Id | null;
}

/** 自评: the points that a group gives itself for a period */
export interface SelfAssessmentFields {
  /** 组 */
  group: Id;
  /** 开始日期 */
  from: Day;
  /** 结束日期 */
  to: Day;
  /** 自评分 */
  points: number;
  /** 说明 */
  words?: string | null;
}

/** 异议: a group objecting to a deduction in its assessment */
export interface ObjectionFields {
  /** 组 */
  group: Id;
  /** 考核期首日 */
  from: Day;
  /** 考核期末日 */
  to: Day;
  /** 扣分项编号 */
  deduction: string;
  /** 理由 */
  reason: string;
}

/** 裁定: what was decided about an objection */
export interface RulingFields {
  /** 异议 */
  objection: Id;
  /** 裁定结果 */
  decision: DecisionChoice;
  /** 更正后扣分 */
  points?: number | null;
  /** 理由 */
  reason: string;
}

/** 方案模板: a programme that is not yet any project's */
export interface TemplateFields {
  /** 名称 */
  name: string;
  /** 单位 */
  unit: Id;
  /** 依据 */
  source?: string | null;
}

/** 模板事项: one line of a programme template */
export interface TemplateLineFields {
  /** 方案模板 */
  template: Id;
  /** 内容 */
  title: string;
  /** 阶段 */
  phase: PhaseChoice;
  /** 起算 */
  edge: EdgeChoice;
  /** 偏移天数 */
  offset?: number | null;
  /** 会议类别 */
  meeting?: MeetingChoice | null;
  /** 党小组 */
  party?: boolean | null;
  /** 工会小组 */
  union?: boolean | null;
  /** 班组 */
  crew?: boolean | null;
  /** 重点 */
  focus?: FocusChoice | null;
  /** 抓手 */
  grip?: GripChoice | null;
  /** 风险分级标准 */
  risk_scheme?: RiskSchemeChoice | null;
  /** 达到风险等级才需要 */
  risk_level?: number | null;
}

/** 方案事项: one line of a project's programme; its day follows the phase it hangs on */
export interface PlanLineFields {
  /** 项目 */
  project: Id;
  /** 内容 */
  title: string;
  /** 阶段 */
  phase?: PhaseChoice | null;
  /** 起算 */
  edge?: EdgeChoice | null;
  /** 偏移天数 */
  offset?: number | null;
  /** 固定日期 */
  day?: Day | null;
  /** 会议类别 */
  meeting?: MeetingChoice | null;
  /** 党小组 */
  party?: boolean | null;
  /** 工会小组 */
  union?: boolean | null;
  /** 班组 */
  crew?: boolean | null;
  /** 重点 */
  focus?: FocusChoice | null;
  /** 抓手 */
  grip?: GripChoice | null;
  /** 风险分级标准 */
  risk_scheme?: RiskSchemeChoice | null;
  /** 达到风险等级才需要 */
  risk_level?: number | null;
  /** 来自模板事项 */
  template_line?: Id | null;
}

/** 落实: what a plan line has become: an activity, a task, or done on a day */
export interface FulfilmentFields {
  /** 方案事项 */
  line: Id;
  /** 活动 */
  activity?: Id | null;
  /** 完成日期 */
  day?: Day | null;
  /** 说明 */
  note?: string | null;
  /** 任务 */
  task?: Id | null;
}

/** 风险等级: how grave the risk of a project's work is, by a scheme that says which way levels count */
export interface RiskFields {
  /** 项目 */
  project: Id;
  /** 阶段 */
  phase?: PhaseChoice | null;
  /** 分级标准 */
  scheme: RiskSchemeChoice;
  /** 等级 */
  level: number;
  /** 作业内容 */
  what?: string | null;
}

/** 目标: a Party goal and the production target it serves */
export interface ObjectiveFields {
  /** 项目 */
  project: Id;
  /** 党建目标 */
  title: string;
  /** 计量单位 */
  measure: string;
  /** 目标值（千分之一） */
  wanted_milli: number;
  /** 服务的生产指标 */
  target: string;
  /** 生产指标计量单位 */
  target_measure: string;
  /** 生产指标目标值（千分之一） */
  target_wanted_milli: number;
  /** 开始日期 */
  from: Day;
  /** 完成期限 */
  to: Day;
  /** 责任组 */
  group?: Id | null;
}

/** 数值: what was reached on a day, of an objective's goal or of its production target */
export interface FigureFields {
  /** 目标 */
  objective: Id;
  /** 所属曲线 */
  curve: CurveChoice;
  /** 日期 */
  day: Day;
  /** 数值（千分之一） */
  value_milli: number;
  /** 佐证 */
  evidence?: string | null;
}

/** 培养计划: what somebody is to learn by when, and from whom: with a mentor it is a mentor pair */
export interface DevelopmentFields {
  /** 项目 */
  project: Id;
  /** 培养对象 */
  person: Id;
  /** 师傅 */
  mentor?: Id | null;
  /** 培养目标 */
  aim: string;
  /** 开始日期 */
  from: Day;
  /** 截止日期 */
  to: Day;
  /** 结果 */
  result?: string | null;
}

/** 宣传安排: what a carrier at a site shows in a phase */
export interface PublicityFields {
  /** 项目 */
  project: Id;
  /** 阶段 */
  phase: PhaseChoice;
  /** 载体 */
  carrier: CarrierChoice;
  /** 内容 */
  content: string;
  /** 上墙日期 */
  shown_day?: Day | null;
}

/** 鉴定表: what a branch writes about a member when the project closes */
export interface AppraisalSheetFields {
  /** 党支部或小组 */
  group: Id;
  /** 党员 */
  person: Id;
  /** 项目 */
  project: Id;
  /** 书面综合评价 */
  appraisal: string;
  /** 签注意见 */
  opinion?: string | null;
  /** 日期 */
  day: Day;
}

/** 应到名单: somebody whom a group expects at its part of an activity */
export interface RollFields {
  /** 承办 */
  part: Id;
  /** 人员 */
  person: Id;
  /** 有表决权 */
  votes?: boolean | null;
  /** 不计入应到的情形 */
  excluded?: ExclusionChoice | null;
  /** 外出起始日期 */
  away_from?: Day | null;
  /** 批准依据 */
  approval?: string | null;
}

/** 出席: whether somebody came to an activity, or to the own part of one group */
export interface AttendanceFields {
  /** 活动 */
  activity: Id;
  /** 人员 */
  person?: Id | null;
  /** 仅限本组部分 */
  part?: Id | null;
  /** 出席情况 */
  status?: AttendanceChoice | null;
  /** 理由 */
  reason?: string | null;
  /** 签名方式 */
  signature?: SignatureChoice | null;
  /** 签名日期 */
  signed_on?: Day | null;
  /** 补学日期 */
  read_on?: Day | null;
  /** 补学记录 */
  read_note?: string | null;
}

/** 议题: what was spoken of, decided and voted, by all or in the own part of one group */
export interface TopicFields {
  /** 活动 */
  activity: Id;
  /** 本组部分 */
  part?: Id | null;
  /** 事项 */
  matter: MatterChoice;
  /** 议题 */
  title: string;
  /** 讨论情况 */
  discussion?: string | null;
  /** 决议 */
  resolution?: string | null;
  /** 表决方式 */
  ballot?: BallotChoice | null;
  /** 赞成票 */
  for?: number | null;
  /** 反对票 */
  against?: number | null;
  /** 弃权票 */
  abstained?: number | null;
  /** 缺席人员书面赞成意见 */
  written?: number | null;
  /** 遗留问题 */
  open?: string | null;
}

/** 交底: what a crew is told before its shift: task, safety, technique, and the risk */
export interface BriefingFields {
  /** 承办 */
  part: Id;
  /** 交任务 */
  task: string;
  /** 交安全 */
  safety: string;
  /** 交技术 */
  technique?: string | null;
  /** 风险分级口径 */
  risk_scheme?: RiskSchemeChoice | null;
  /** 风险等级 */
  risk_level?: number | null;
  /** 主要风险点 */
  risk?: string | null;
  /** 作业票编号 */
  ticket?: string | null;
}

/** 检查项: one line of a checklist, as it was found before the shift */
export interface CheckFields {
  /** 交底 */
  briefing: Id;
  /** 检查内容 */
  item: string;
  /** 检查结果 */
  found: CheckedChoice;
  /** 说明 */
  note?: string | null;
}

/** 廉洁风险点: a line of a project's register of integrity risks */
export interface IntegrityRiskFields {
  /** 项目 */
  project: Id;
  /** 风险点 */
  point: string;
  /** 风险类别 */
  kind: RiskKindChoice;
  /** 等级 */
  grade: RiskGradeChoice;
  /** 单位/岗位 */
  post?: string | null;
  /** 表现形式 */
  form?: string | null;
  /** 防控措施 */
  measures?: string | null;
  /** 责任人 */
  owner?: Id | null;
  /** 分管领导 */
  overseer?: Id | null;
  /** 开始日期 */
  from?: Day | null;
  /** 结束日期 */
  to?: Day | null;
}

/** 廉洁检查: how the measures against an integrity risk were found on a day */
export interface RiskCheckFields {
  /** 廉洁风险点 */
  risk: Id;
  /** 检查结果 */
  found: CheckedChoice;
  /** 日期 */
  day?: Day | null;
  /** 活动 */
  activity?: Id | null;
  /** 检查情况 */
  note?: string | null;
}

/** 走访慰问: a union group that looked after somebody */
export interface VisitFields {
  /** 项目 */
  project: Id;
  /** 工会小组 */
  group: Id;
  /** 人员 */
  person: Id;
  /** 类别 */
  kind: VisitKindChoice;
  /** 日期 */
  day?: Day | null;
  /** 活动 */
  activity?: Id | null;
  /** 走访情况 */
  note?: string | null;
}

/** 上报事项: something somebody at a site has to say: a hazard, a blocker, an idea, a need, a report */
export interface SignalFields {
  /** 类别 */
  kind: SignalChoice;
  /** 项目 */
  project?: Id | null;
  /** 内容 */
  what?: string | null;
  /** 上报人 */
  raiser?: Id | null;
  /** 匿名 */
  unnamed?: UnnamedChoice | null;
  /** 部位 */
  place?: string | null;
  /** 重复发生于 */
  again?: Id | null;
  /** 密封内容 */
  envelope?: string | null;
  /** 回执索引 */
  receipt?: number | null;
  /** 上报日期 */
  day?: Day | null;
}

/** 处理: a step in dealing with a signal */
export interface HandlingFields {
  /** 上报事项 */
  signal: Id;
  /** 步骤 */
  step: HandlingChoice;
  /** 上一步 */
  follows?: Id | null;
  /** 说明 */
  note?: string | null;
  /** 经办人 */
  person?: Id | null;
  /** 期限 */
  until?: Day | null;
  /** 等级 */
  grade?: HazardGradeChoice | null;
  /** 责任单位或责任人 */
  responsible?: string | null;
  /** 组 */
  group?: Id | null;
  /** 密封内容 */
  envelope?: string | null;
  /** 告知上报人 */
  answer?: string | null;
  /** 日期 */
  day?: Day | null;
}

/** 启封人: who alone can read what is sealed, and by which key */
export interface ReaderFields {
  /** 单位 */
  unit: Id;
  /** 用途 */
  purpose: ReaderPurposeChoice;
  /** 公钥 */
  key: string;
  /** 持有人 */
  holder: Id;
  /** 开始日期 */
  from: Day;
  /** 结束日期 */
  to?: Day | null;
}

/** 通知: word that goes down to the sites of a unit */
export interface NoticeFields {
  /** 单位 */
  unit: Id;
  /** 标题 */
  title: string;
  /** 正文 */
  text?: string | null;
  /** 仅发项目 */
  project?: Id | null;
  /** 期限 */
  until?: Day | null;
  /** 发布人 */
  person?: Id | null;
}

/** 已读: somebody at a project saying that they have read what came down */
export interface SeenFields {
  /** 项目 */
  project?: Id | null;
  /** 人员 */
  person?: Id | null;
  /** 通知 */
  notice?: Id | null;
  /** 任务 */
  task?: Id | null;
}

/** 工器具: a tool or a piece of protective gear that is tested from time to time */
export interface ToolFields {
  /** 项目 */
  project?: Id | null;
  /** 保管班组 */
  group: Id;
  /** 类别 */
  kind: ToolKindChoice;
  /** 编号 */
  number: string;
  /** 规格型号 */
  model?: string | null;
  /** 启用日期 */
  from?: Day | null;
  /** 停用日期 */
  to?: Day | null;
}

/** 工器具试验: a test of a tool or a piece of protective gear; when the next is due is a rule */
export interface ToolTestFields {
  /** 工器具 */
  tool: Id;
  /** 试验结果 */
  result: TestResultChoice;
  /** 试验日期 */
  day?: Day | null;
  /** 试验单位 */
  tester?: string | null;
  /** 试验报告编号 */
  report?: string | null;
  /** 说明 */
  note?: string | null;
}

/** 劳保检查: a union group that looked how people are protected at their work */
export interface LabourCheckFields {
  /** 项目 */
  project?: Id | null;
  /** 工会小组 */
  group: Id;
  /** 检查内容 */
  what: string;
  /** 检查结果 */
  found: CheckedChoice;
  /** 检查日期 */
  day?: Day | null;
  /** 检查情况 */
  note?: string | null;
  /** 整改要求 */
  demand?: string | null;
  /** 上报的隐患 */
  hazard?: Id | null;
}

/** 劳动竞赛: groups that compete at their work for a time */
export interface CompetitionFields {
  /** 项目 */
  project?: Id | null;
  /** 组织的工会小组 */
  group: Id;
  /** 竞赛名称 */
  name: string;
  /** 主题 */
  theme?: string | null;
  /** 竞赛指标 */
  measures?: string | null;
  /** 开始日期 */
  from: Day;
  /** 结束日期 */
  to: Day;
  /** 竞赛总结 */
  result?: string | null;
}

/** 参赛组: a group in a competition and its result; never a person */
export interface CompetitorFields {
  /** 劳动竞赛 */
  competition: Id;
  /** 参赛组 */
  group: Id;
  /** 竞赛结果 */
  result?: string | null;
  /** 奖励 */
  award?: string | null;
}

/** 谈心谈话: that two people talked, and about what in a word; never what they said */
export interface HeartTalkFields {
  /** 党支部或党小组 */
  group: Id;
  /** 谈话人 */
  person?: Id | null;
  /** 谈话对象 */
  talked_with: Id;
  /** 谈话日期 */
  day?: Day | null;
  /** 谈话主题 */
  topic?: string | null;
  /** 后续跟进 */
  follow_up?: string | null;
}

/** 节点证书: who a node is and for which scopes it may speak, signed by its parent */
export interface CertificateFields {
  /** 节点 */
  node: string;
  /** 签名证书 */
  statement: string;
}

/** 节点吊销: a node that is not accepted any more, behind the entries that are named */
export interface RevocationFields {
  /** 节点 */
  node: string;
  /** 截止位置 */
  positions: string;
  /** 原因 */
  reason?: string | null;
}

/** The choices of a field, in their order, with what to call them. */
export const choices = {
  level: [
    { number: 1, name: 'group', en: 'group', zh: '集团' },
    { number: 2, name: 'province', en: 'province', zh: '省公司' },
    { number: 3, name: 'company', en: 'company', zh: '公司' },
    { number: 4, name: 'department', en: 'department', zh: '部门' },
    { number: 5, name: 'team', en: 'team', zh: '班组' },
  ],
  sex: [
    { number: 0, name: 'unknown', en: 'unknown', zh: '未知' },
    { number: 1, name: 'male', en: 'male', zh: '男' },
    { number: 2, name: 'female', en: 'female', zh: '女' },
  ],
  employment: [
    { number: 1, name: 'own', en: 'own staff', zh: '本单位职工' },
    { number: 2, name: 'dispatched', en: 'dispatched worker', zh: '劳务派遣' },
    { number: 3, name: 'contractor', en: 'contractor\'s worker', zh: '分包人员' },
  ],
  stage: [
    { number: 1, name: 'planned', en: 'won, not started', zh: '已中标未开工' },
    { number: 2, name: 'active', en: 'active', zh: '在建' },
    { number: 3, name: 'suspended', en: 'suspended', zh: '停工' },
    { number: 4, name: 'closed', en: 'closed', zh: '已完工' },
    { number: 5, name: 'cancelled', en: 'cancelled', zh: '已取消' },
  ],
  phase: [
    { number: 1, name: 'PRE', en: 'pre-planning', zh: '前期策划' },
    { number: 2, name: 'MOB', en: 'mobilisation', zh: '进场' },
    { number: 3, name: 'SUR', en: 'survey', zh: '线路复测' },
    { number: 4, name: 'FND', en: 'foundation', zh: '基础' },
    { number: 5, name: 'TRN', en: 'transport', zh: '材料运输' },
    { number: 6, name: 'TWR', en: 'tower erection', zh: '铁塔组立' },
    { number: 7, name: 'STR', en: 'stringing', zh: '架线' },
    { number: 8, name: 'CAB', en: 'cable laying', zh: '电缆敷设' },
    { number: 9, name: 'TST', en: 'tests', zh: '试验调试' },
    { number: 10, name: 'ACC', en: 'acceptance', zh: '验收' },
    { number: 11, name: 'ENG', en: 'energising', zh: '送电' },
    { number: 12, name: 'DEM', en: 'demobilisation', zh: '退场' },
  ],
  group_kind: [
    { number: 1, name: 'party', en: 'Party group', zh: '党小组' },
    { number: 2, name: 'union', en: 'union group', zh: '工会小组' },
    { number: 3, name: 'crew', en: 'work crew', zh: '班组' },
  ],
  form: [
    { number: 1, name: 'group', en: 'group', zh: '小组' },
    { number: 2, name: 'branch', en: 'branch', zh: '党支部' },
    { number: 3, name: 'temporary_branch', en: 'temporary branch', zh: '临时党支部' },
    { number: 4, name: 'joint_branch', en: 'joint branch', zh: '联合党支部' },
  ],
  source: [
    { number: 1, name: 'roster', en: 'roster', zh: '花名册' },
    { number: 2, name: 'hr', en: 'HR feed', zh: '人资系统' },
    { number: 3, name: 'sign_on', en: 'sign-on at the site', zh: '现场扫码' },
    { number: 4, name: 'move', en: 'group move', zh: '随组移动' },
  ],
  standing: [
    { number: 1, name: 'party_formal', en: 'Party member', zh: '中共党员' },
    { number: 2, name: 'party_probationary', en: 'probationary Party member', zh: '预备党员' },
    { number: 3, name: 'union_member', en: 'union member', zh: '工会会员' },
  ],
  effect: [
    { number: 1, name: 'include', en: 'included', zh: '列入' },
    { number: 2, name: 'exclude', en: 'excluded', zh: '不列入' },
  ],
  post: [
    { number: 1, name: 'leader', en: 'leader', zh: '组长' },
    { number: 2, name: 'secretary', en: 'secretary', zh: '书记' },
    { number: 3, name: 'deputy', en: 'deputy', zh: '副职' },
  ],
  progress: [
    { number: 1, name: 'planned', en: 'planned', zh: '计划' },
    { number: 2, name: 'held', en: 'held', zh: '已开展' },
    { number: 3, name: 'cancelled', en: 'cancelled', zh: '已取消' },
  ],
  practice: [
    { number: 1, name: 'learning', en: 'linked learning', zh: '联学' },
    { number: 2, name: 'co_creation', en: 'linked co-creation', zh: '联创' },
    { number: 3, name: 'integrity', en: 'linked integrity supervision', zh: '联廉' },
    { number: 4, name: 'care', en: 'linked care', zh: '联爱' },
  ],
  meeting: [
    { number: 1, name: 'party_group_meeting', en: 'Party group meeting', zh: '党小组会' },
    { number: 2, name: 'branch_meeting', en: 'branch meeting', zh: '支部党员大会' },
    { number: 3, name: 'committee_meeting', en: 'committee meeting', zh: '支委会' },
    { number: 4, name: 'party_lecture', en: 'Party lecture', zh: '党课' },
    { number: 5, name: 'theme_day', en: 'theme day', zh: '主题党日' },
    { number: 6, name: 'organisation_life', en: 'organisation life meeting', zh: '组织生活会' },
    { number: 7, name: 'appraisal', en: 'appraisal of members', zh: '民主评议党员' },
    { number: 8, name: 'union_meeting', en: 'union group meeting', zh: '工会小组会' },
    { number: 9, name: 'pre_shift_talk', en: 'pre-shift talk', zh: '站班会' },
    { number: 10, name: 'safety_day', en: 'safety day', zh: '安全日活动' },
    { number: 11, name: 'emergency_drill', en: 'emergency drill', zh: '应急演练' },
  ],
  goal: [
    { number: 1, name: 'safety', en: 'safety', zh: '安全' },
    { number: 2, name: 'production', en: 'production', zh: '生产' },
    { number: 3, name: 'stability', en: 'stability', zh: '稳定' },
    { number: 4, name: 'development', en: 'development', zh: '发展' },
  ],
  item_mode: [
    { number: 1, name: 'common', en: 'once for all groups', zh: '共性' },
    { number: 2, name: 'particular', en: 'each kind of group apart', zh: '特性' },
  ],
  act: [
    { number: 1, name: 'accept', en: 'accepted', zh: '接收' },
    { number: 2, name: 'report', en: 'reported', zh: '落实反馈' },
    { number: 3, name: 'pass', en: 'inspected: passed', zh: '检查合格' },
    { number: 4, name: 'rework', en: 'inspected: to be reworked', zh: '检查退回整改' },
    { number: 5, name: 'ask_extension', en: 'extension asked for', zh: '申请延期' },
    { number: 6, name: 'grant_extension', en: 'extension granted', zh: '同意延期' },
    { number: 7, name: 'refuse_extension', en: 'extension refused', zh: '不同意延期' },
    { number: 8, name: 'withdraw', en: 'withdrawn', zh: '撤销' },
    { number: 9, name: 'assess', en: 'assessed', zh: '考核' },
  ],
  decision: [
    { number: 1, name: 'upheld', en: 'the deduction stands', zh: '维持' },
    { number: 2, name: 'corrected', en: 'the deduction is corrected', zh: '更正' },
  ],
  edge: [
    { number: 1, name: 'start', en: 'first day', zh: '开始' },
    { number: 2, name: 'end', en: 'last day', zh: '结束' },
  ],
  focus: [
    { number: 1, name: 'thought', en: 'thought', zh: '思想' },
    { number: 2, name: 'rules', en: 'rules', zh: '规矩' },
    { number: 3, name: 'ability', en: 'ability', zh: '能力' },
    { number: 4, name: 'progress', en: 'progress', zh: '进步' },
  ],
  grip: [
    { number: 1, name: 'basics', en: 'basics', zh: '抓基础' },
    { number: 2, name: 'rules', en: 'rules', zh: '抓规范' },
    { number: 3, name: 'team', en: 'team', zh: '抓队伍' },
    { number: 4, name: 'brand', en: 'brand', zh: '抓品牌' },
  ],
  risk_scheme: [
    { number: 1, name: 'sgcc_176_2015', en: 'SGCC (Construction/3) 176-2015: 5 is the gravest', zh: '国网(基建/3)176-2015：五级最高' },
    { number: 2, name: 'qgdw_12152_2021', en: 'Q/GDW 12152-2021: 1 is the gravest', zh: 'Q/GDW 12152-2021：一级最高' },
  ],
  curve: [
    { number: 1, name: 'goal', en: 'of the goal', zh: '党建目标' },
    { number: 2, name: 'target', en: 'of the production target', zh: '生产指标' },
  ],
  carrier: [
    { number: 1, name: 'tv', en: 'TV', zh: '电视' },
    { number: 2, name: 'board', en: 'notice board', zh: '宣传栏' },
    { number: 3, name: 'banner', en: 'banner', zh: '横幅标语' },
    { number: 4, name: 'booklet', en: 'booklet', zh: '口袋书' },
    { number: 5, name: 'broadcast', en: 'broadcast', zh: '广播' },
    { number: 6, name: 'online', en: 'online', zh: '线上' },
  ],
  exclusion: [
    { number: 1, name: 'away', en: 'studies or works away, half a year or more', zh: '外出学习或工作半年以上' },
    { number: 2, name: 'ill', en: 'gravely ill', zh: '病重' },
    { number: 3, name: 'abroad', en: 'abroad at own expense, half a year or more', zh: '自费出国半年以上' },
    { number: 4, name: 'sentenced', en: 'serves a sentence', zh: '服刑' },
    { number: 5, name: 'unable', en: 'not able to decide', zh: '精神疾病不能表达意志' },
  ],
  attendance: [
    { number: 1, name: 'expected', en: 'expected', zh: '应到' },
    { number: 2, name: 'present', en: 'present', zh: '到会' },
    { number: 3, name: 'online', en: 'present online', zh: '线上到会' },
    { number: 4, name: 'leave', en: 'on leave', zh: '请假' },
    { number: 5, name: 'absent', en: 'absent', zh: '缺席' },
    { number: 6, name: 'observer', en: 'observer', zh: '列席' },
  ],
  signature: [
    { number: 1, name: 'own_phone', en: 'on an own phone', zh: '本人手机' },
    { number: 2, name: 'shared_phone', en: 'on the shared phone', zh: '共用手机' },
    { number: 3, name: 'paper', en: 'on paper', zh: '纸质签名' },
  ],
  matter: [
    { number: 1, name: 'work', en: 'work', zh: '工作' },
    { number: 2, name: 'study', en: 'study', zh: '学习' },
    { number: 3, name: 'safety', en: 'safety', zh: '安全' },
    { number: 4, name: 'care', en: 'care for staff', zh: '职工关爱' },
    { number: 5, name: 'resolution', en: 'resolution', zh: '表决事项' },
    { number: 6, name: 'admission', en: 'admission of members', zh: '发展党员' },
    { number: 7, name: 'appraisal', en: 'appraisal of members', zh: '民主评议党员' },
    { number: 8, name: 'criticism', en: 'criticism and self-criticism', zh: '批评与自我批评' },
    { number: 9, name: 'discipline', en: 'discipline', zh: '党纪处分' },
    { number: 10, name: 'dues', en: 'Party dues', zh: '党费' },
    { number: 11, name: 'election', en: 'election', zh: '选举' },
    { number: 12, name: 'hardship', en: 'hardship of a member', zh: '困难帮扶' },
    { number: 13, name: 'union_dues', en: 'union dues', zh: '工会会费' },
    { number: 14, name: 'pay', en: 'pay', zh: '工资' },
    { number: 15, name: 'rota', en: 'rota', zh: '排班' },
    { number: 16, name: 'ticket', en: 'work ticket', zh: '作业票' },
  ],
  ballot: [
    { number: 1, name: 'voice', en: 'by voice', zh: '口头表决' },
    { number: 2, name: 'hands', en: 'show of hands', zh: '举手表决' },
    { number: 3, name: 'secret', en: 'secret ballot', zh: '无记名投票' },
    { number: 4, name: 'named', en: 'named ballot', zh: '记名投票' },
  ],
  checked: [
    { number: 1, name: 'in_order', en: 'in order', zh: '合格' },
    { number: 2, name: 'mended', en: 'mended on the spot', zh: '当场整改' },
    { number: 3, name: 'not_in_order', en: 'not in order', zh: '不合格' },
    { number: 4, name: 'not_here', en: 'does not apply', zh: '不涉及' },
  ],
  risk_kind: [
    { number: 1, name: 'duty', en: 'duties of a post', zh: '岗位职责' },
    { number: 2, name: 'process', en: 'process', zh: '业务流程' },
    { number: 3, name: 'rules', en: 'rules', zh: '制度机制' },
    { number: 4, name: 'outside', en: 'outside influence', zh: '外部环境' },
  ],
  risk_grade: [
    { number: 1, name: 'high', en: 'high', zh: '高' },
    { number: 2, name: 'medium', en: 'medium', zh: '中' },
    { number: 3, name: 'low', en: 'low', zh: '低' },
  ],
  visit_kind: [
    { number: 1, name: 'illness', en: 'to somebody ill', zh: '慰问病号' },
    { number: 2, name: 'home', en: 'at home', zh: '家访' },
    { number: 3, name: 'festival', en: 'at a festival', zh: '节日慰问' },
    { number: 4, name: 'front_line', en: 'at the site', zh: '一线慰问' },
    { number: 5, name: 'hardship', en: 'to somebody in hardship', zh: '困难走访' },
  ],
  signal: [
    { number: 1, name: 'hazard', en: 'hazard', zh: '隐患' },
    { number: 2, name: 'near_miss', en: 'near miss', zh: '未遂事件' },
    { number: 3, name: 'violation', en: 'violation seen', zh: '违章' },
    { number: 4, name: 'blocker', en: 'blocker', zh: '受阻事项' },
    { number: 5, name: 'idea', en: 'idea', zh: '合理化建议' },
    { number: 6, name: 'need', en: 'need', zh: '需求' },
    { number: 7, name: 'hardship', en: 'hardship', zh: '困难帮扶' },
    { number: 8, name: 'integrity', en: 'integrity report', zh: '廉洁反映' },
  ],
  unnamed: [
    { number: 1, name: 'to_others', en: 'unnamed to others', zh: '对他人匿名' },
    { number: 2, name: 'to_everybody', en: 'unnamed to everybody', zh: '对所有人匿名' },
  ],
  handling: [
    { number: 1, name: 'register', en: 'registered', zh: '登记' },
    { number: 2, name: 'grade', en: 'graded', zh: '定级' },
    { number: 3, name: 'measure', en: 'temporary measure', zh: '临时措施' },
    { number: 4, name: 'stop', en: 'work stopped', zh: '停工' },
    { number: 5, name: 'resume', en: 'work resumed', zh: '复工' },
    { number: 6, name: 'order', en: 'order to rectify', zh: '下达整改' },
    { number: 7, name: 'rectify', en: 'rectified', zh: '整改完成' },
    { number: 8, name: 'pass', en: 're-check passed', zh: '复查合格' },
    { number: 9, name: 'return', en: 'returned', zh: '退回整改' },
    { number: 10, name: 'close', en: 'closed', zh: '销号' },
    { number: 11, name: 'ask_extension', en: 'extension asked', zh: '申请延期' },
    { number: 12, name: 'extend', en: 'extension granted', zh: '同意延期' },
    { number: 13, name: 'refuse_extension', en: 'extension refused', zh: '不同意延期' },
    { number: 14, name: 'escalate', en: 'escalated', zh: '升级' },
    { number: 15, name: 'supervise', en: 'put under supervision', zh: '挂牌督办' },
    { number: 16, name: 'union', en: 'union involved', zh: '工会参与' },
    { number: 17, name: 'take', en: 'being dealt with', zh: '受理' },
    { number: 18, name: 'answer', en: 'answered', zh: '答复' },
    { number: 19, name: 'confirm', en: 'confirmed by the raiser', zh: '确认' },
    { number: 20, name: 'reopen', en: 'reopened by the raiser', zh: '要求重办' },
    { number: 21, name: 'review', en: 'under review', zh: '评审' },
    { number: 22, name: 'adopt', en: 'adopted', zh: '采纳' },
    { number: 23, name: 'decline', en: 'declined', zh: '不采纳' },
    { number: 24, name: 'carry_out', en: 'carried out', zh: '实施' },
    { number: 25, name: 'benefit', en: 'benefit', zh: '效益' },
    { number: 26, name: 'visit', en: 'care visit', zh: '走访慰问' },
  ],
  hazard_grade: [
    { number: 1, name: 'minor', en: 'minor', zh: '一般' },
    { number: 2, name: 'serious', en: 'serious', zh: '较大' },
    { number: 3, name: 'major', en: 'major', zh: '重大' },
  ],
  reader_purpose: [
    { number: 1, name: 'integrity', en: 'integrity reports', zh: '廉洁反映' },
    { number: 2, name: 'hardship', en: 'hardship files', zh: '困难帮扶' },
  ],
  tool_kind: [
    { number: 1, name: 'harness', en: 'safety harness', zh: '安全带' },
    { number: 2, name: 'safety_rope', en: 'safety rope', zh: '安全绳' },
    { number: 3, name: 'fall_arrester', en: 'fall arrester', zh: '防坠器' },
    { number: 4, name: 'helmet', en: 'helmet', zh: '安全帽' },
    { number: 5, name: 'climbers', en: 'climbing irons or board', zh: '脚扣、登高板' },
    { number: 6, name: 'insulating_gloves', en: 'insulating gloves', zh: '绝缘手套' },
    { number: 7, name: 'insulating_boots', en: 'insulating boots', zh: '绝缘靴' },
    { number: 8, name: 'voltage_detector', en: 'voltage detector', zh: '验电器' },
    { number: 9, name: 'insulating_rod', en: 'insulating rod', zh: '绝缘杆' },
    { number: 10, name: 'earthing', en: 'earthing set', zh: '接地线' },
    { number: 11, name: 'ladder', en: 'ladder', zh: '梯子' },
    { number: 12, name: 'hoist', en: 'hoist or winch', zh: '手拉葫芦、绞磨' },
    { number: 13, name: 'wire_rope', en: 'wire rope', zh: '钢丝绳' },
    { number: 14, name: 'pulley', en: 'pulley or conductor grip', zh: '滑车、卡线器' },
    { number: 15, name: 'gin_pole', en: 'gin pole', zh: '抱杆' },
    { number: 16, name: 'power_tool', en: 'power tool', zh: '电动工具' },
    { number: 17, name: 'other', en: 'other', zh: '其他' },
  ],
  test_result: [
    { number: 1, name: 'passed', en: 'passed', zh: '合格' },
    { number: 2, name: 'failed', en: 'failed', zh: '不合格' },
  ],
} as const;

export type ChoiceSetName = keyof typeof choices;

/** Every kind with its fields. */
export const kinds = {
  unit: {
    number: 1,
    en: 'unit',
    zh: '单位',
    fields: {
      name: { number: 1, type: 'text', en: 'name', zh: '名称', must: true },
      parent: { number: 2, type: 'ref', en: 'parent unit', zh: '上级单位', of: 'unit' },
      level: { number: 3, type: 'choice', en: 'level', zh: '层级', among: 'level' },
      code: { number: 4, type: 'text', en: 'code', zh: '单位编号' },
      uscc: { number: 5, type: 'text', en: 'unified social credit code', zh: '统一社会信用代码' },
    },
  },
  person: {
    number: 2,
    en: 'person',
    zh: '人员',
    fields: {
      name: { number: 1, type: 'text', en: 'name', zh: '姓名', must: true },
      unit: { number: 2, type: 'ref', en: 'unit', zh: '单位', of: 'unit', must: true },
      staff_no: { number: 3, type: 'text', en: 'staff number', zh: '工号' },
      sex: { number: 4, type: 'choice', en: 'sex', zh: '性别', among: 'sex' },
      birth: { number: 5, type: 'day', en: 'date of birth', zh: '出生日期' },
      trade: { number: 6, type: 'text', en: 'trade', zh: '工种' },
      employment: { number: 7, type: 'choice', en: 'employment', zh: '用工形式', among: 'employment' },
      id_number: { number: 8, type: 'sealed', en: 'identity number', zh: '身份证号' },
      phone: { number: 9, type: 'sealed', en: 'phone', zh: '手机号' },
    },
  },
  project: {
    number: 3,
    en: 'project',
    zh: '项目',
    fields: {
      name: { number: 1, type: 'text', en: 'name', zh: '名称', must: true },
      unit: { number: 2, type: 'ref', en: 'unit in charge', zh: '责任单位', of: 'unit', must: true },
      code: { number: 3, type: 'text', en: 'code', zh: '项目编号' },
      stage: { number: 4, type: 'choice', en: 'stage', zh: '状态', among: 'stage' },
      from: { number: 5, type: 'day', en: 'first day', zh: '开工日期', must: true },
      to: { number: 6, type: 'day', en: 'last day', zh: '完工日期' },
      lat: { number: 7, type: 'coord', en: 'latitude', zh: '纬度' },
      lon: { number: 8, type: 'coord', en: 'longitude', zh: '经度' },
      place: { number: 9, type: 'text', en: 'place', zh: '地点' },
    },
  },
  phase: {
    number: 4,
    en: 'phase',
    zh: '阶段',
    fields: {
      project: { number: 1, type: 'ref', en: 'project', zh: '项目', of: 'project', must: true },
      phase: { number: 2, type: 'choice', en: 'phase', zh: '阶段', among: 'phase', must: true },
      from: { number: 3, type: 'day', en: 'first day', zh: '开始日期', must: true },
      to: { number: 4, type: 'day', en: 'last day', zh: '结束日期' },
    },
  },
  home: {
    number: 5,
    en: 'home',
    zh: '流动党员之家',
    fields: {
      name: { number: 1, type: 'text', en: 'name', zh: '名称', must: true },
      unit: { number: 2, type: 'ref', en: 'unit', zh: '单位', of: 'unit', must: true },
      facilities: { number: 3, type: 'text', en: 'facilities', zh: '设施' },
    },
  },
  home_station: {
    number: 6,
    en: 'home\'s station',
    zh: '家的驻地',
    fields: {
      home: { number: 1, type: 'ref', en: 'home', zh: '流动党员之家', of: 'home', must: true },
      project: { number: 2, type: 'ref', en: 'project', zh: '项目', of: 'project', must: true },
      from: { number: 3, type: 'day', en: 'first day', zh: '开始日期', must: true },
      to: { number: 4, type: 'day', en: 'last day', zh: '结束日期' },
    },
  },
  group: {
    number: 7,
    en: 'group',
    zh: '组',
    fields: {
      name: { number: 1, type: 'text', en: 'name', zh: '名称', must: true },
      unit: { number: 2, type: 'ref', en: 'unit', zh: '单位', of: 'unit', must: true },
      kind: { number: 3, type: 'choice', en: 'kind', zh: '类别', among: 'group_kind', must: true, once: true },
      form: { number: 4, type: 'choice', en: 'form', zh: '组织形式', among: 'form' },
      home: { number: 5, type: 'ref', en: 'home', zh: '流动党员之家', of: 'home' },
    },
  },
  station: {
    number: 8,
    en: 'station',
    zh: '驻点',
    fields: {
      group: { number: 1, type: 'ref', en: 'group', zh: '组', of: 'group', must: true },
      project: { number: 2, type: 'ref', en: 'project', zh: '项目', of: 'project', must: true },
      from: { number: 3, type: 'day', en: 'first day', zh: '开始日期', must: true },
      to: { number: 4, type: 'day', en: 'last day', zh: '结束日期' },
    },
  },
  posting: {
    number: 9,
    en: 'posting',
    zh: '派驻',
    fields: {
      person: { number: 1, type: 'ref', en: 'person', zh: '人员', of: 'person', must: true, once: true },
      project: { number: 2, type: 'ref', en: 'project', zh: '项目', of: 'project', must: true, once: true },
      from: { number: 3, type: 'day', en: 'first day', zh: '进场日期', must: true },
      to: { number: 4, type: 'day', en: 'last day', zh: '离场日期' },
      crew: { number: 5, type: 'ref', en: 'crew', zh: '班组', of: 'group' },
      source: { number: 6, type: 'choice', en: 'source', zh: '来源', among: 'source' },
      pending: { number: 7, type: 'bool', en: 'not confirmed yet', zh: '待确认' },
      core: { number: 8, type: 'bool', en: 'core member, moves with the group', zh: '骨干' },
    },
  },
  standing: {
    number: 10,
    en: 'standing',
    zh: '身份',
    fields: {
      person: { number: 1, type: 'ref', en: 'person', zh: '人员', of: 'person', must: true, once: true },
      standing: { number: 2, type: 'choice', en: 'standing', zh: '身份', among: 'standing', must: true },
      from: { number: 3, type: 'day', en: 'standing since', zh: '取得身份日期', must: true },
      to: { number: 4, type: 'day', en: 'last day', zh: '结束日期' },
    },
  },
  affiliation: {
    number: 11,
    en: 'formal relation',
    zh: '组织关系',
    fields: {
      person: { number: 1, type: 'ref', en: 'person', zh: '人员', of: 'person', must: true, once: true },
      branch: { number: 2, type: 'ref', en: 'branch', zh: '党支部', of: 'group', must: true },
      from: { number: 3, type: 'day', en: 'first day', zh: '开始日期', must: true },
      to: { number: 4, type: 'day', en: 'last day', zh: '结束日期' },
    },
  },
  exception: {
    number: 12,
    en: 'exception',
    zh: '例外',
    fields: {
      group: { number: 1, type: 'ref', en: 'group', zh: '组', of: 'group', must: true, once: true },
      person: { number: 2, type: 'ref', en: 'person', zh: '人员', of: 'person', must: true, once: true },
      effect: { number: 3, type: 'choice', en: 'effect', zh: '处理', among: 'effect', must: true },
      reason: { number: 4, type: 'text', en: 'reason', zh: '理由', must: true },
      from: { number: 5, type: 'day', en: 'first day', zh: '开始日期', must: true },
      to: { number: 6, type: 'day', en: 'last day', zh: '结束日期', must: true },
    },
  },
  office: {
    number: 13,
    en: 'office',
    zh: '任职',
    fields: {
      group: { number: 1, type: 'ref', en: 'group', zh: '组', of: 'group', must: true, once: true },
      person: { number: 2, type: 'ref', en: 'person', zh: '人员', of: 'person', must: true, once: true },
      post: { number: 3, type: 'choice', en: 'post', zh: '职务', among: 'post', must: true },
      from: { number: 4, type: 'day', en: 'first day', zh: '开始日期', must: true },
      to: { number: 5, type: 'day', en: 'last day', zh: '结束日期' },
    },
  },
  attachment: {
    number: 14,
    en: 'attachment',
    zh: '挂靠',
    fields: {
      project: { number: 1, type: 'ref', en: 'project', zh: '项目', of: 'project', must: true },
      group: { number: 2, type: 'ref', en: 'group', zh: '组', of: 'group', must: true },
      from: { number: 3, type: 'day', en: 'first day', zh: '开始日期', must: true },
      to: { number: 4, type: 'day', en: 'last day', zh: '结束日期' },
    },
  },
  liaison: {
    number: 15,
    en: 'liaison',
    zh: '联络党员',
    fields: {
      project: { number: 1, type: 'ref', en: 'project', zh: '项目', of: 'project', must: true },
      person: { number: 2, type: 'ref', en: 'person', zh: '人员', of: 'person', must: true },
      from: { number: 3, type: 'day', en: 'first day', zh: '开始日期', must: true },
      to: { number: 4, type: 'day', en: 'last day', zh: '结束日期' },
    },
  },
  holiday: {
    number: 16,
    en: 'calendar day',
    zh: '节假日',
    fields: {
      day: { number: 1, type: 'day', en: 'day', zh: '日期', must: true, once: true },
      name: { number: 2, type: 'text', en: 'name', zh: '名称', must: true },
      off: { number: 3, type: 'bool', en: 'day off', zh: '休息日', must: true },
      paper: { number: 4, type: 'text', en: 'source', zh: '文件' },
    },
  },
  intake: {
    number: 17,
    en: 'import',
    zh: '导入',
    fields: {
      what: { number: 1, type: 'text', en: 'kind of records', zh: '数据类别', must: true },
      file: { number: 2, type: 'text', en: 'file name', zh: '文件名', must: true },
      digest: { number: 3, type: 'text', en: 'SHA-256 of the file', zh: '文件校验值' },
      added: { number: 4, type: 'int', en: 'records added', zh: '新增' },
      changed: { number: 5, type: 'int', en: 'records changed', zh: '更新' },
    },
  },
  audit: {
    number: 18,
    en: 'audit record',
    zh: '审计记录',
    fields: {
      event: { number: 1, type: 'text', en: 'event', zh: '事件', must: true, once: true },
      account: { number: 2, type: 'text', en: 'account', zh: '账号', once: true },
      success: { number: 3, type: 'bool', en: 'success', zh: '成功', once: true },
      subject: { number: 4, type: 'text', en: 'subject', zh: '对象', once: true },
      purpose: { number: 5, type: 'text', en: 'purpose', zh: '用途', once: true },
    },
  },
  activity: {
    number: 19,
    en: 'activity',
    zh: '活动',
    fields: {
      project: { number: 1, type: 'ref', en: 'project', zh: '项目', of: 'project', must: true, once: true },
      title: { number: 2, type: 'text', en: 'title', zh: '主题', must: true },
      day: { number: 3, type: 'day', en: 'day', zh: '日期' },
      progress: { number: 4, type: 'choice', en: 'progress', zh: '进展', among: 'progress' },
      place: { number: 5, type: 'text', en: 'place', zh: '地点' },
      agenda: { number: 6, type: 'text', en: 'agenda', zh: '议程' },
      duration: { number: 7, type: 'int', en: 'duration in minutes', zh: '时长（分钟）' },
      start: { number: 8, type: 'text', en: 'begins at', zh: '开始时间' },
      end: { number: 9, type: 'text', en: 'ends at', zh: '散会时间' },
      host: { number: 10, type: 'ref', en: 'host', zh: '主持人', of: 'person' },
      recorder: { number: 11, type: 'ref', en: 'recorder', zh: '记录人', of: 'person' },
      convened: { number: 12, type: 'day', en: 'convened on', zh: '通知日期' },
      practice: { number: 13, type: 'choice', en: 'linked practice', zh: '联动实践', among: 'practice' },
      record: { number: 14, type: 'text', en: 'common record', zh: '共同记录' },
    },
  },
  part: {
    number: 20,
    en: 'part',
    zh: '承办',
    fields: {
      activity: { number: 1, type: 'ref', en: 'activity', zh: '活动', of: 'activity', must: true, once: true },
      group: { number: 2, type: 'ref', en: 'group', zh: '组', of: 'group', must: true, once: true },
      meeting: { number: 3, type: 'choice', en: 'kind of meeting', zh: '会议类别', among: 'meeting', must: true },
      makes_up: { number: 4, type: 'day', en: 'makes up for the period of', zh: '补开所属日期' },
      record: { number: 5, type: 'text', en: 'own record', zh: '本组记录' },
      start: { number: 6, type: 'text', en: 'own beginning', zh: '本组开始时间' },
      end: { number: 7, type: 'text', en: 'own end', zh: '本组散会时间' },
      host: { number: 8, type: 'ref', en: 'host of the own part', zh: '本组主持人', of: 'person' },
      recorder: { number: 9, type: 'ref', en: 'recorder of the own part', zh: '本组记录人', of: 'person' },
      scenario: { number: 10, type: 'text', en: 'what was drilled', zh: '演练科目' },
      found: { number: 11, type: 'text', en: 'what the drill showed', zh: '演练发现的问题' },
      mend: { number: 12, type: 'text', en: 'what is to be mended', zh: '改进措施' },
    },
  },
  waiver: {
    number: 21,
    en: 'waiver',
    zh: '免除',
    fields: {
      group: { number: 1, type: 'ref', en: 'group', zh: '组', of: 'group', must: true, once: true },
      meeting: { number: 2, type: 'choice', en: 'kind of meeting', zh: '会议类别', among: 'meeting', must: true, once: true },
      day: { number: 3, type: 'day', en: 'a day of the period', zh: '所属日期', must: true, once: true },
      reason: { number: 4, type: 'text', en: 'reason', zh: '理由', must: true },
    },
  },
  item: {
    number: 27,
    en: 'item',
    zh: '事项',
    fields: {
      title: { number: 1, type: 'text', en: 'title', zh: '事项名称', must: true },
      unit: { number: 2, type: 'ref', en: 'unit that deploys it', zh: '部署单位', of: 'unit', must: true, once: true },
      goal: { number: 3, type: 'choice', en: 'goal', zh: '目标领域', among: 'goal', must: true },
      theme: { number: 4, type: 'text', en: 'theme', zh: '主题' },
      mode: { number: 5, type: 'choice', en: 'mode', zh: '方式', among: 'item_mode', must: true, once: true },
      for_party: { number: 6, type: 'bool', en: 'for Party groups', zh: '面向党小组', once: true },
      for_union: { number: 7, type: 'bool', en: 'for union groups', zh: '面向工会小组', once: true },
      for_crew: { number: 8, type: 'bool', en: 'for work crews', zh: '面向班组', once: true },
      done_when: { number: 9, type: 'text', en: 'what shows that it is done', zh: '完成标准', must: true },
      due: { number: 10, type: 'day', en: 'due day', zh: '完成期限', must: true },
      weight: { number: 11, type: 'int', en: 'weight', zh: '权重' },
      day: { number: 12, type: 'day', en: 'day of deployment', zh: '部署日期', once: true },
    },
  },
  task: {
    number: 28,
    en: 'task',
    zh: '任务',
    fields: {
      item: { number: 1, type: 'ref', en: 'item', zh: '事项', of: 'item', must: true, once: true },
      project: { number: 2, type: 'ref', en: 'project', zh: '项目', of: 'project', must: true, once: true },
      due: { number: 3, type: 'day', en: 'due day at this project', zh: '本项目完成期限' },
    },
  },
  step: {
    number: 29,
    en: 'step',
    zh: '步骤',
    fields: {
      task: { number: 1, type: 'ref', en: 'task', zh: '任务', of: 'task', must: true, once: true },
      act: { number: 2, type: 'choice', en: 'what was done', zh: '步骤类别', among: 'act', must: true, once: true },
      follows: { number: 3, type: 'ref', en: 'the step it follows', zh: '前一步骤', of: 'step', once: true },
      group_kind: { number: 4, type: 'choice', en: 'kind of group it is about', zh: '组别', among: 'group_kind', once: true },
      day: { number: 5, type: 'day', en: 'day', zh: '日期', once: true },
      words: { number: 6, type: 'text', en: 'in words', zh: '内容', once: true },
      evidence: { number: 7, type: 'text', en: 'reference of the evidence', zh: '佐证材料', once: true },
      until: { number: 8, type: 'day', en: 'until when', zh: '期限', once: true },
      by: { number: 9, type: 'ref', en: 'who says it', zh: '经办人', of: 'person', once: true, self: true },
    },
  },
  self_assessment: {
    number: 30,
    en: 'self-assessment',
    zh: '自评',
    fields: {
      group: { number: 1, type: 'ref', en: 'group', zh: '组', of: 'group', must: true, once: true },
      from: { number: 2, type: 'day', en: 'first day', zh: '开始日期', must: true, once: true },
      to: { number: 3, type: 'day', en: 'last day', zh: '结束日期', must: true, once: true },
      points: { number: 4, type: 'int', en: 'points of 100', zh: '自评分', must: true },
      words: { number: 5, type: 'text', en: 'in words', zh: '说明' },
    },
  },
  objection: {
    number: 31,
    en: 'objection',
    zh: '异议',
    fields: {
      group: { number: 1, type: 'ref', en: 'group', zh: '组', of: 'group', must: true, once: true },
      from: { number: 2, type: 'day', en: 'first day of the period', zh: '考核期首日', must: true, once: true },
      to: { number: 3, type: 'day', en: 'last day of the period', zh: '考核期末日', must: true, once: true },
      deduction: { number: 4, type: 'text', en: 'code of the deduction', zh: '扣分项编号', must: true, once: true },
      reason: { number: 5, type: 'text', en: 'reason', zh: '理由', must: true, once: true },
    },
  },
  ruling: {
    number: 32,
    en: 'ruling',
    zh: '裁定',
    fields: {
      objection: { number: 1, type: 'ref', en: 'objection', zh: '异议', of: 'objection', must: true, once: true },
      decision: { number: 2, type: 'choice', en: 'decision', zh: '裁定结果', among: 'decision', must: true, once: true },
      points: { number: 3, type: 'int', en: 'points deducted instead', zh: '更正后扣分', once: true },
      reason: { number: 4, type: 'text', en: 'reason', zh: '理由', must: true, once: true },
    },
  },
  template: {
    number: 40,
    en: 'programme template',
    zh: '方案模板',
    fields: {
      name: { number: 1, type: 'text', en: 'name', zh: '名称', must: true },
      unit: { number: 2, type: 'ref', en: 'unit', zh: '单位', of: 'unit', must: true },
      source: { number: 3, type: 'text', en: 'source', zh: '依据' },
    },
  },
  template_line: {
    number: 41,
    en: 'template line',
    zh: '模板事项',
    fields: {
      template: { number: 1, type: 'ref', en: 'template', zh: '方案模板', of: 'template', must: true, once: true },
      title: { number: 2, type: 'text', en: 'what', zh: '内容', must: true },
      phase: { number: 3, type: 'choice', en: 'phase', zh: '阶段', among: 'phase', must: true },
      edge: { number: 4, type: 'choice', en: 'counted from', zh: '起算', among: 'edge', must: true },
      offset: { number: 5, type: 'int', en: 'days after that', zh: '偏移天数' },
      meeting: { number: 7, type: 'choice', en: 'kind of meeting', zh: '会议类别', among: 'meeting' },
      party: { number: 8, type: 'bool', en: 'for the Party group', zh: '党小组' },
      union: { number: 9, type: 'bool', en: 'for the union group', zh: '工会小组' },
      crew: { number: 10, type: 'bool', en: 'for the work crew', zh: '班组' },
      focus: { number: 11, type: 'choice', en: 'focus', zh: '重点', among: 'focus' },
      grip: { number: 12, type: 'choice', en: 'grip', zh: '抓手', among: 'grip' },
      risk_scheme: { number: 13, type: 'choice', en: 'scheme of the risk level', zh: '风险分级标准', among: 'risk_scheme' },
      risk_level: { number: 14, type: 'int', en: 'only from this risk level on', zh: '达到风险等级才需要' },
    },
  },
  plan_line: {
    number: 42,
    en: 'plan line',
    zh: '方案事项',
    fields: {
      project: { number: 1, type: 'ref', en: 'project', zh: '项目', of: 'project', must: true, once: true },
      title: { number: 2, type: 'text', en: 'what', zh: '内容', must: true },
      phase: { number: 3, type: 'choice', en: 'phase', zh: '阶段', among: 'phase' },
      edge: { number: 4, type: 'choice', en: 'counted from', zh: '起算', among: 'edge' },
      offset: { number: 5, type: 'int', en: 'days after that', zh: '偏移天数' },
      day: { number: 6, type: 'day', en: 'fixed day', zh: '固定日期' },
      meeting: { number: 7, type: 'choice', en: 'kind of meeting', zh: '会议类别', among: 'meeting' },
      party: { number: 8, type: 'bool', en: 'for the Party group', zh: '党小组' },
      union: { number: 9, type: 'bool', en: 'for the union group', zh: '工会小组' },
      crew: { number: 10, type: 'bool', en: 'for the work crew', zh: '班组' },
      focus: { number: 11, type: 'choice', en: 'focus', zh: '重点', among: 'focus' },
      grip: { number: 12, type: 'choice', en: 'grip', zh: '抓手', among: 'grip' },
      risk_scheme: { number: 13, type: 'choice', en: 'scheme of the risk level', zh: '风险分级标准', among: 'risk_scheme' },
      risk_level: { number: 14, type: 'int', en: 'only from this risk level on', zh: '达到风险等级才需要' },
      template_line: { number: 15, type: 'ref', en: 'from the template line', zh: '来自模板事项', of: 'template_line', once: true },
    },
  },
  fulfilment: {
    number: 43,
    en: 'fulfilment',
    zh: '落实',
    fields: {
      line: { number: 1, type: 'ref', en: 'plan line', zh: '方案事项', of: 'plan_line', must: true, once: true },
      activity: { number: 2, type: 'ref', en: 'activity', zh: '活动', of: 'activity', once: true },
      day: { number: 3, type: 'day', en: 'done on', zh: '完成日期' },
      note: { number: 4, type: 'text', en: 'note', zh: '说明' },
      task: { number: 5, type: 'ref', en: 'task', zh: '任务', of: 'task', once: true },
    },
  },
  risk: {
    number: 44,
    en: 'risk level',
    zh: '风险等级',
    fields: {
      project: { number: 1, type: 'ref', en: 'project', zh: '项目', of: 'project', must: true, once: true },
      phase: { number: 2, type: 'choice', en: 'phase', zh: '阶段', among: 'phase' },
      scheme: { number: 3, type: 'choice', en: 'scheme', zh: '分级标准', among: 'risk_scheme', must: true },
      level: { number: 4, type: 'int', en: 'level', zh: '等级', must: true },
      what: { number: 5, type: 'text', en: 'what work', zh: '作业内容' },
    },
  },
  objective: {
    number: 45,
    en: 'objective',
    zh: '目标',
    fields: {
      project: { number: 1, type: 'ref', en: 'project', zh: '项目', of: 'project', must: true, once: true },
      title: { number: 2, type: 'text', en: 'Party goal', zh: '党建目标', must: true },
      measure: { number: 3, type: 'text', en: 'measured in', zh: '计量单位', must: true },
      wanted_milli: { number: 4, type: 'int', en: 'wanted, in thousandths', zh: '目标值（千分之一）', must: true },
      target: { number: 5, type: 'text', en: 'production target it serves', zh: '服务的生产指标', must: true },
      target_measure: { number: 6, type: 'text', en: 'target measured in', zh: '生产指标计量单位', must: true },
      target_wanted_milli: { number: 7, type: 'int', en: 'target wanted, in thousandths', zh: '生产指标目标值（千分之一）', must: true },
      from: { number: 8, type: 'day', en: 'from', zh: '开始日期', must: true },
      to: { number: 9, type: 'day', en: 'by', zh: '完成期限', must: true },
      group: { number: 10, type: 'ref', en: 'group', zh: '责任组', of: 'group' },
    },
  },
  figure: {
    number: 46,
    en: 'figure',
    zh: '数值',
    fields: {
      objective: { number: 1, type: 'ref', en: 'objective', zh: '目标', of: 'objective', must: true, once: true },
      curve: { number: 2, type: 'choice', en: 'of which', zh: '所属曲线', among: 'curve', must: true, once: true },
      day: { number: 3, type: 'day', en: 'day', zh: '日期', must: true },
      value_milli: { number: 4, type: 'int', en: 'value, in thousandths', zh: '数值（千分之一）', must: true },
      evidence: { number: 5, type: 'text', en: 'evidence', zh: '佐证' },
    },
  },
  development: {
    number: 47,
    en: 'development plan',
    zh: '培养计划',
    fields: {
      project: { number: 1, type: 'ref', en: 'project', zh: '项目', of: 'project', must: true, once: true },
      person: { number: 2, type: 'ref', en: 'person', zh: '培养对象', of: 'person', must: true, once: true },
      mentor: { number: 3, type: 'ref', en: 'mentor', zh: '师傅', of: 'person' },
      aim: { number: 4, type: 'text', en: 'aim', zh: '培养目标', must: true },
      from: { number: 5, type: 'day', en: 'from', zh: '开始日期', must: true },
      to: { number: 6, type: 'day', en: 'by', zh: '截止日期', must: true },
      result: { number: 7, type: 'text', en: 'result', zh: '结果' },
    },
  },
  publicity: {
    number: 48,
    en: 'publicity',
    zh: '宣传安排',
    fields: {
      project: { number: 1, type: 'ref', en: 'project', zh: '项目', of: 'project', must: true, once: true },
      phase: { number: 2, type: 'choice', en: 'phase', zh: '阶段', among: 'phase', must: true },
      carrier: { number: 3, type: 'choice', en: 'carrier', zh: '载体', among: 'carrier', must: true },
      content: { number: 4, type: 'text', en: 'content', zh: '内容', must: true },
      shown_day: { number: 5, type: 'day', en: 'shown since', zh: '上墙日期' },
    },
  },
  appraisal_sheet: {
    number: 49,
    en: 'appraisal sheet',
    zh: '鉴定表',
    fields: {
      group: { number: 1, type: 'ref', en: 'branch or group', zh: '党支部或小组', of: 'group', must: true, once: true },
      person: { number: 2, type: 'ref', en: 'member', zh: '党员', of: 'person', must: true, once: true },
      project: { number: 3, type: 'ref', en: 'project', zh: '项目', of: 'project', must: true, once: true },
      appraisal: { number: 4, type: 'text', en: 'written appraisal', zh: '书面综合评价', must: true },
      opinion: { number: 5, type: 'text', en: 'signed opinion', zh: '签注意见' },
      day: { number: 6, type: 'day', en: 'day', zh: '日期', must: true },
    },
  },
  roll: {
    number: 22,
    en: 'line of the roll',
    zh: '应到名单',
    fields: {
      part: { number: 1, type: 'ref', en: 'part', zh: '承办', of: 'part', must: true, once: true },
      person: { number: 2, type: 'ref', en: 'person', zh: '人员', of: 'person', must: true, once: true },
      votes: { number: 3, type: 'bool', en: 'may vote', zh: '有表决权' },
      excluded: { number: 4, type: 'choice', en: 'not counted, because', zh: '不计入应到的情形', among: 'exclusion' },
      away_from: { number: 5, type: 'day', en: 'away since', zh: '外出起始日期' },
      approval: { number: 6, type: 'text', en: 'approved by', zh: '批准依据' },
    },
  },
  attendance: {
    number: 23,
    en: 'attendance',
    zh: '出席',
    fields: {
      activity: { number: 1, type: 'ref', en: 'activity', zh: '活动', of: 'activity', must: true, once: true },
      person: { number: 2, type: 'ref', en: 'person', zh: '人员', of: 'person', must: true, once: true, self: true },
      part: { number: 3, type: 'ref', en: 'own part only', zh: '仅限本组部分', of: 'part', once: true },
      status: { number: 4, type: 'choice', en: 'status', zh: '出席情况', among: 'attendance' },
      reason: { number: 5, type: 'text', en: 'reason', zh: '理由' },
      signature: { number: 6, type: 'choice', en: 'signed', zh: '签名方式', among: 'signature' },
      signed_on: { number: 7, type: 'day', en: 'signed on', zh: '签名日期' },
      read_on: { number: 8, type: 'day', en: 'read up on', zh: '补学日期' },
      read_note: { number: 9, type: 'text', en: 'how it was made up', zh: '补学记录' },
    },
  },
  topic: {
    number: 24,
    en: 'topic',
    zh: '议题',
    fields: {
      activity: { number: 1, type: 'ref', en: 'activity', zh: '活动', of: 'activity', must: true, once: true },
      part: { number: 2, type: 'ref', en: 'own part', zh: '本组部分', of: 'part', once: true },
      matter: { number: 3, type: 'choice', en: 'matter', zh: '事项', among: 'matter', must: true },
      title: { number: 4, type: 'text', en: 'title', zh: '议题', must: true },
      discussion: { number: 5, type: 'text', en: 'discussion', zh: '讨论情况' },
      resolution: { number: 6, type: 'text', en: 'resolution', zh: '决议' },
      ballot: { number: 7, type: 'choice', en: 'kind of vote', zh: '表决方式', among: 'ballot' },
      for: { number: 8, type: 'int', en: 'votes for', zh: '赞成票' },
      against: { number: 9, type: 'int', en: 'votes against', zh: '反对票' },
      abstained: { number: 10, type: 'int', en: 'abstentions', zh: '弃权票' },
      written: { number: 11, type: 'int', en: 'written opinions for, of absent members', zh: '缺席人员书面赞成意见' },
      open: { number: 12, type: 'text', en: 'what stays open', zh: '遗留问题' },
    },
  },
  briefing: {
    number: 25,
    en: 'briefing',
    zh: '交底',
    fields: {
      part: { number: 1, type: 'ref', en: 'part', zh: '承办', of: 'part', must: true, once: true },
      task: { number: 2, type: 'text', en: 'task', zh: '交任务', must: true },
      safety: { number: 3, type: 'text', en: 'safety', zh: '交安全', must: true },
      technique: { number: 4, type: 'text', en: 'technique', zh: '交技术' },
      risk_scheme: { number: 5, type: 'choice', en: 'numbering of risk levels', zh: '风险分级口径', among: 'risk_scheme' },
      risk_level: { number: 6, type: 'int', en: 'risk level', zh: '风险等级' },
      risk: { number: 7, type: 'text', en: 'main risks', zh: '主要风险点' },
      ticket: { number: 8, type: 'text', en: 'work ticket', zh: '作业票编号' },
    },
  },
  check: {
    number: 26,
    en: 'check',
    zh: '检查项',
    fields: {
      briefing: { number: 1, type: 'ref', en: 'briefing', zh: '交底', of: 'briefing', must: true, once: true },
      item: { number: 2, type: 'text', en: 'line of the checklist', zh: '检查内容', must: true, once: true },
      found: { number: 3, type: 'choice', en: 'found', zh: '检查结果', among: 'checked', must: true },
      note: { number: 4, type: 'text', en: 'note', zh: '说明' },
    },
  },
  integrity_risk: {
    number: 50,
    en: 'integrity risk',
    zh: '廉洁风险点',
    fields: {
      project: { number: 1, type: 'ref', en: 'project', zh: '项目', of: 'project', must: true, once: true },
      point: { number: 2, type: 'text', en: 'risk', zh: '风险点', must: true },
      kind: { number: 3, type: 'choice', en: 'kind', zh: '风险类别', among: 'risk_kind', must: true },
      grade: { number: 4, type: 'choice', en: 'grade', zh: '等级', among: 'risk_grade', must: true },
      post: { number: 5, type: 'text', en: 'unit or post', zh: '单位/岗位' },
      form: { number: 6, type: 'text', en: 'how it shows', zh: '表现形式' },
      measures: { number: 7, type: 'text', en: 'measures', zh: '防控措施' },
      owner: { number: 8, type: 'ref', en: 'person in charge', zh: '责任人', of: 'person' },
      overseer: { number: 9, type: 'ref', en: 'overseen by', zh: '分管领导', of: 'person' },
      from: { number: 10, type: 'day', en: 'first day', zh: '开始日期' },
      to: { number: 11, type: 'day', en: 'last day', zh: '结束日期' },
    },
  },
  risk_check: {
    number: 51,
    en: 'integrity check',
    zh: '廉洁检查',
    fields: {
      risk: { number: 1, type: 'ref', en: 'integrity risk', zh: '廉洁风险点', of: 'integrity_risk', must: true, once: true },
      found: { number: 2, type: 'choice', en: 'found', zh: '检查结果', among: 'checked', must: true },
      day: { number: 3, type: 'day', en: 'day', zh: '日期' },
      activity: { number: 4, type: 'ref', en: 'activity', zh: '活动', of: 'activity' },
      note: { number: 5, type: 'text', en: 'note', zh: '检查情况' },
    },
  },
  visit: {
    number: 52,
    en: 'visit',
    zh: '走访慰问',
    fields: {
      project: { number: 1, type: 'ref', en: 'project', zh: '项目', of: 'project', must: true, once: true },
      group: { number: 2, type: 'ref', en: 'union group', zh: '工会小组', of: 'group', must: true, once: true },
      person: { number: 3, type: 'ref', en: 'person', zh: '人员', of: 'person', must: true, once: true },
      kind: { number: 4, type: 'choice', en: 'kind', zh: '类别', among: 'visit_kind', must: true },
      day: { number: 5, type: 'day', en: 'day', zh: '日期' },
      activity: { number: 6, type: 'ref', en: 'activity', zh: '活动', of: 'activity' },
      note: { number: 7, type: 'text', en: 'note', zh: '走访情况' },
    },
  },
  signal: {
    number: 34,
    en: 'signal',
    zh: '上报事项',
    fields: {
      kind: { number: 1, type: 'choice', en: 'kind', zh: '类别', among: 'signal', must: true, once: true },
      project: { number: 2, type: 'ref', en: 'project', zh: '项目', of: 'project', must: true, once: true, self: true },
      what: { number: 3, type: 'text', en: 'what', zh: '内容', once: true },
      raiser: { number: 4, type: 'ref', en: 'raised by', zh: '上报人', of: 'person', once: true, self: true },
      unnamed: { number: 5, type: 'choice', en: 'unnamed', zh: '匿名', among: 'unnamed', once: true },
      place: { number: 6, type: 'text', en: 'place', zh: '部位', once: true },
      again: { number: 7, type: 'ref', en: 'the same again as', zh: '重复发生于', of: 'signal' },
      envelope: { number: 8, type: 'sealed', en: 'sealed to readers', zh: '密封内容', once: true },
      receipt: { number: 9, type: 'int', en: 'index of the receipt code', zh: '回执索引', once: true },
      day: { number: 10, type: 'day', en: 'day it was said', zh: '上报日期', once: true },
    },
  },
  handling: {
    number: 35,
    en: 'handling',
    zh: '处理',
    fields: {
      signal: { number: 1, type: 'ref', en: 'signal', zh: '上报事项', of: 'signal', must: true, once: true },
      step: { number: 2, type: 'choice', en: 'step', zh: '步骤', among: 'handling', must: true, once: true },
      follows: { number: 3, type: 'ref', en: 'follows', zh: '上一步', of: 'handling', once: true },
      note: { number: 4, type: 'text', en: 'note', zh: '说明', once: true },
      person: { number: 5, type: 'ref', en: 'by', zh: '经办人', of: 'person', once: true, self: true },
      until: { number: 6, type: 'day', en: 'until', zh: '期限', once: true },
      grade: { number: 7, type: 'choice', en: 'grade', zh: '等级', among: 'hazard_grade', once: true },
      responsible: { number: 8, type: 'text', en: 'responsible', zh: '责任单位或责任人', once: true },
      group: { number: 9, type: 'ref', en: 'group', zh: '组', of: 'group', once: true },
      envelope: { number: 10, type: 'sealed', en: 'sealed to readers', zh: '密封内容', once: true },
      answer: { number: 11, type: 'text', en: 'what the raiser is told', zh: '告知上报人', once: true },
      day: { number: 12, type: 'day', en: 'day of the step', zh: '日期', once: true },
    },
  },
  reader: {
    number: 36,
    en: 'reader',
    zh: '启封人',
    fields: {
      unit: { number: 1, type: 'ref', en: 'unit', zh: '单位', of: 'unit', must: true, once: true },
      purpose: { number: 2, type: 'choice', en: 'purpose', zh: '用途', among: 'reader_purpose', must: true, once: true },
      key: { number: 3, type: 'text', en: 'public key', zh: '公钥', must: true, once: true },
      holder: { number: 4, type: 'ref', en: 'holder', zh: '持有人', of: 'person', must: true, once: true },
      from: { number: 5, type: 'day', en: 'first day', zh: '开始日期', must: true },
      to: { number: 6, type: 'day', en: 'last day', zh: '结束日期' },
    },
  },
  notice: {
    number: 37,
    en: 'notice',
    zh: '通知',
    fields: {
      unit: { number: 1, type: 'ref', en: 'unit', zh: '单位', of: 'unit', must: true, once: true },
      title: { number: 2, type: 'text', en: 'title', zh: '标题', must: true },
      text: { number: 3, type: 'text', en: 'text', zh: '正文' },
      project: { number: 4, type: 'ref', en: 'only for this project', zh: '仅发项目', of: 'project', once: true },
      until: { number: 5, type: 'day', en: 'until', zh: '期限' },
      person: { number: 6, type: 'ref', en: 'by', zh: '发布人', of: 'person', once: true, self: true },
    },
  },
  seen: {
    number: 38,
    en: 'read mark',
    zh: '已读',
    fields: {
      project: { number: 1, type: 'ref', en: 'project', zh: '项目', of: 'project', must: true, once: true, self: true },
      person: { number: 2, type: 'ref', en: 'person', zh: '人员', of: 'person', must: true, once: true, self: true },
      notice: { number: 3, type: 'ref', en: 'notice', zh: '通知', of: 'notice', once: true },
      task: { number: 4, type: 'ref', en: 'task', zh: '任务', of: 'task', once: true },
    },
  },
  tool: {
    number: 53,
    en: 'tool',
    zh: '工器具',
    fields: {
      project: { number: 1, type: 'ref', en: 'project', zh: '项目', of: 'project', must: true, self: true },
      group: { number: 2, type: 'ref', en: 'crew that keeps it', zh: '保管班组', of: 'group', must: true },
      kind: { number: 3, type: 'choice', en: 'kind', zh: '类别', among: 'tool_kind', must: true },
      number: { number: 4, type: 'text', en: 'number', zh: '编号', must: true },
      model: { number: 5, type: 'text', en: 'model', zh: '规格型号' },
      from: { number: 6, type: 'day', en: 'in use since', zh: '启用日期' },
      to: { number: 7, type: 'day', en: 'last day in use', zh: '停用日期' },
    },
  },
  tool_test: {
    number: 54,
    en: 'test of a tool',
    zh: '工器具试验',
    fields: {
      tool: { number: 1, type: 'ref', en: 'tool', zh: '工器具', of: 'tool', must: true, once: true },
      result: { number: 2, type: 'choice', en: 'result', zh: '试验结果', among: 'test_result', must: true },
      day: { number: 3, type: 'day', en: 'day', zh: '试验日期' },
      tester: { number: 4, type: 'text', en: 'tested by', zh: '试验单位' },
      report: { number: 5, type: 'text', en: 'number of the report', zh: '试验报告编号' },
      note: { number: 6, type: 'text', en: 'note', zh: '说明' },
    },
  },
  labour_check: {
    number: 55,
    en: 'labour-protection check',
    zh: '劳保检查',
    fields: {
      project: { number: 1, type: 'ref', en: 'project', zh: '项目', of: 'project', must: true, once: true, self: true },
      group: { number: 2, type: 'ref', en: 'union group', zh: '工会小组', of: 'group', must: true, once: true },
      what: { number: 3, type: 'text', en: 'what was checked', zh: '检查内容', must: true },
      found: { number: 4, type: 'choice', en: 'found', zh: '检查结果', among: 'checked', must: true },
      day: { number: 5, type: 'day', en: 'day', zh: '检查日期' },
      note: { number: 6, type: 'text', en: 'what was found', zh: '检查情况' },
      demand: { number: 7, type: 'text', en: 'what is demanded', zh: '整改要求' },
      hazard: { number: 8, type: 'ref', en: 'hazard raised about it', zh: '上报的隐患', of: 'signal' },
    },
  },
  competition: {
    number: 56,
    en: 'competition',
    zh: '劳动竞赛',
    fields: {
      project: { number: 1, type: 'ref', en: 'project', zh: '项目', of: 'project', must: true, once: true, self: true },
      group: { number: 2, type: 'ref', en: 'union group that holds it', zh: '组织的工会小组', of: 'group', must: true },
      name: { number: 3, type: 'text', en: 'name', zh: '竞赛名称', must: true },
      theme: { number: 4, type: 'text', en: 'theme', zh: '主题' },
      measures: { number: 5, type: 'text', en: 'by what it is judged', zh: '竞赛指标' },
      from: { number: 6, type: 'day', en: 'first day', zh: '开始日期', must: true },
      to: { number: 7, type: 'day', en: 'last day', zh: '结束日期', must: true },
      result: { number: 8, type: 'text', en: 'what it came to', zh: '竞赛总结' },
    },
  },
  competitor: {
    number: 57,
    en: 'competing group',
    zh: '参赛组',
    fields: {
      competition: { number: 1, type: 'ref', en: 'competition', zh: '劳动竞赛', of: 'competition', must: true, once: true },
      group: { number: 2, type: 'ref', en: 'group', zh: '参赛组', of: 'group', must: true, once: true },
      result: { number: 3, type: 'text', en: 'result', zh: '竞赛结果' },
      award: { number: 4, type: 'text', en: 'award', zh: '奖励' },
    },
  },
  heart_talk: {
    number: 58,
    en: 'heart-to-heart talk',
    zh: '谈心谈话',
    fields: {
      group: { number: 1, type: 'ref', en: 'Party branch or group', zh: '党支部或党小组', of: 'group', must: true, once: true },
      person: { number: 2, type: 'ref', en: 'who talked', zh: '谈话人', of: 'person', must: true, once: true, self: true },
      talked_with: { number: 3, type: 'ref', en: 'with whom', zh: '谈话对象', of: 'person', must: true, once: true },
      day: { number: 4, type: 'day', en: 'day', zh: '谈话日期' },
      topic: { number: 5, type: 'text', en: 'topic', zh: '谈话主题' },
      follow_up: { number: 6, type: 'text', en: 'what follows', zh: '后续跟进' },
    },
  },
  certificate: {
    number: 63,
    en: 'certificate of a node',
    zh: '节点证书',
    fields: {
      node: { number: 1, type: 'text', en: 'node', zh: '节点', must: true, once: true },
      statement: { number: 2, type: 'text', en: 'signed statement', zh: '签名证书', must: true, once: true },
    },
  },
  revocation: {
    number: 64,
    en: 'revocation of a node',
    zh: '节点吊销',
    fields: {
      node: { number: 1, type: 'text', en: 'node', zh: '节点', must: true, once: true },
      positions: { number: 2, type: 'text', en: 'accepted up to', zh: '截止位置', must: true, once: true },
      reason: { number: 3, type: 'text', en: 'reason', zh: '原因', once: true },
    },
  },
} as const;

export type KindName = keyof typeof kinds;
