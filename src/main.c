#include <stdio.h>

int main(void)
{
    printf("tongpin\n");
    return 0;
}
