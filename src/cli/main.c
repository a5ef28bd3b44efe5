/* The program's entry. */

#include <stdio.h>

int main(void)
{
    printf("segue %s\n", SEGUE_VERSION);
    return 0;
}
