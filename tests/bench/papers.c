#include "bench/papers.h"

#include <stdio.h>

#include "bench/must.h"
#include "vocab/vocab.h"

static FILE *begin(const char *path)
{
    FILE *file = fopen(path, "we");
    if (file == NULL) give_up("%s cannot be written", path);
    fputs("\xEF\xBB\xBF", file); /* as spreadsheets save it */
    return file;
}

static void end(FILE *file, const char *path)
{
    const int has_failed = ferror(file);
    if (fclose(file) != 0 || has_failed != 0) give_up("%s cannot be written", path);
}

void papers_units(const Population *population, const char *path)
{
    char name[PLACE_NAME_MAX];
    char above[PLACE_NAME_MAX];
    FILE *file = begin(path);
    fputs("单位名称,上级单位,层级\n电力建设集团,,集团\n", file);
    for (size_t i = 0; i < population->firm_count; i++)
        fprintf(file, "%s,电力建设集团,公司\n", firm_name(i, name));
    for (size_t i = 0; i < population->department_count; i++)
        fprintf(file, "%s,%s,部门\n", department_name(i, name),
                firm_name(i / DEPARTMENTS_PER_FIRM, above));
    end(file, path);
}

void papers_projects(const Population *population, const char *path)
{
    char name[PLACE_NAME_MAX];
    char code[PLACE_NAME_MAX];
    char unit[PLACE_NAME_MAX];
    char first[DAY_TEXT_MAX];
    char last[DAY_TEXT_MAX];
    FILE *file = begin(path);
    fputs("项目名称,项目编号,责任单位,状态,开工日期,完工日期,纬度,经度\n", file);
    for (size_t i = 0; i < 2 * population->site_count; i++) {
        const bool is_active = i % 2 == 1;
        const Site site = population_site(population, i / 2);
        const DayRange days = is_active ? site.active : site.finished;
        fprintf(file, "%s,%s,%s,%s,%s,%s,%.6f,%.6f\n", project_name(i / 2, is_active, name),
                project_code(i / 2, is_active, code), department_name(site.department, unit),
                is_active ? "在建" : "已完工", day_write(days.first, first),
                day_write(days.last, last), site.lat * 1e-6, site.lon * 1e-6);
    }
    end(file, path);
}

static const char *employment_word(int employment)
{
    switch (employment) {
    case EMPLOYMENT_IS_OWN: return "本单位职工";
    case EMPLOYMENT_IS_DISPATCHED: return "劳务派遣";
    default: return "分包人员";
    }
}

static void write_standing(FILE *file, const Worker *worker, Day today)
{
    char joined[DAY_TEXT_MAX] = "";
    char formal[DAY_TEXT_MAX] = "";
    char entered[DAY_TEXT_MAX] = "";
    const char *word = "群众";
    for (size_t i = 0; i < worker->standing_count; i++) {
        const StandingFacts *standing = &worker->standings[i];
        if (standing->standing == STANDING_IS_UNION_MEMBER)
            day_write(standing->days.first, entered);
        if (standing->standing == STANDING_IS_PARTY_PROBATIONARY) {
            word = "中共预备党员";
            day_write(standing->days.first, joined);
        }
        if (standing->standing == STANDING_IS_PARTY_FORMAL && standing->days.first <= today) {
            word = "中共党员";
            day_write(standing->days.first, formal);
        }
    }
    fprintf(file, "%s,%s,%s,%s,%s,", word, joined, formal, entered[0] == '\0' ? "否" : "是",
            entered);
}

size_t papers_people(const Population *population, const char *path)
{
    char text[PLACE_NAME_MAX];
    char birth[DAY_TEXT_MAX];
    FILE *file = begin(path);
    fputs("序号,姓名,性别,身份证号,手机号,出生日期,所属单位,工号,工种,用工形式,政治面貌,入党日期,"
          "转正日期,是否工会会员,入会日期,所在项目,进场日期,离场日期,是否骨干\n",
          file);
    for (size_t i = 0; i < population->person_count; i++) {
        const Worker worker = population_worker(population, i);
        fprintf(file, "%zu,%s,%s,%s,%s,%s,%s,%s,%s,%s,", i + 1, worker.name,
                worker.sex == SEX_IS_MALE ? "男" : "女", worker.id_number, worker.phone,
                day_write(worker.birth, birth), department_name(worker.department, text),
                worker.staff_no, worker.trade, employment_word(worker.employment));
        write_standing(file, &worker, population->today);
        if (worker.posting_count > 0) {
            const PostingFacts *posting = &worker.postings[0];
            char first[DAY_TEXT_MAX];
            char last[DAY_TEXT_MAX];
            fprintf(file, "%s,%s,%s,%s\n", project_name(posting->site, posting->is_active, text),
                    day_write(posting->days.first, first), day_write(posting->days.last, last),
                    posting->is_core ? "是" : "否");
        } else {
            fputs(",,,\n", file);
        }
    }
    const long size = ftell(file);
    end(file, path);
    return size > 0 ? (size_t)size : 0;
}
