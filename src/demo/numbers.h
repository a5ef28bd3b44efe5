/* Numbers as people read them. Each writes into the buffer and returns it. */
#ifndef SEGUE_DEMO_NUMBERS_H
#define SEGUE_DEMO_NUMBERS_H

enum { NUMBER_SIZE = 32 };

/* 1234567 as 1,234,567; rounded to whole numbers. */
const char *number_count(double value, char buffer[NUMBER_SIZE]);
/* Milliseconds: 0.84 ms, 12.3 ms, 123 ms. */
const char *number_ms(double ms, char buffer[NUMBER_SIZE]);
/* Seconds: 0.8 s, 12.3 s, 123 s. */
const char *number_seconds(double seconds, char buffer[NUMBER_SIZE]);

#endif
