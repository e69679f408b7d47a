#include "cli/cli.h"
#include "intake/tablefile.h"

int main(int argc, char *argv[])
{
    /* A parser of files from outside runs in a process of its own: this program, started again. */
    jail_main_if_asked(argc, argv, tablefile_tasks, tablefile_task_count);
    return cli_main(argc, argv);
}
