/* What we promise about threads: nothing is lost, doubled or reordered on a queue; a full queue
 * says so; whoever waits is woken; and one signal stops the program. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "host/host.h"
#include "host/signals.h"
#include "host/thread.h"

#define PRODUCER_COUNT 4
#define ITEM_COUNT     5000

typedef struct Item {
    size_t producer;
    unsigned number;
} Item;

typedef struct Producer {
    Thread thread;
    Queue *queue;
    Item items[ITEM_COUNT];
    unsigned busy_count;
} Producer;

static void produce(void *context)
{
    Producer *producer = context;
    for (unsigned i = 0; i < ITEM_COUNT; i++) {
        Err err;
        producer->items[i].number = i + 1;
        while (queue_push(producer->queue, &producer->items[i], &err) == ERR_BUSY)
            producer->busy_count++;
    }
}

static void four_producers_lose_nothing_and_keep_their_order(void **state)
{
    (void)state;
    Err err;
    void *places[16];
    Queue queue;
    queue_init(&queue, places, 16);
    static Producer producers[PRODUCER_COUNT];
    for (size_t i = 0; i < PRODUCER_COUNT; i++) {
        producers[i].queue = &queue;
        for (size_t j = 0; j < ITEM_COUNT; j++)
            producers[i].items[j].producer = i;
        Thread *thread = &producers[i].thread;
        assert_int_equal(thread_start(thread, "producer", produce, &producers[i], &err), OK);
    }
    unsigned last[PRODUCER_COUNT] = {0};
    size_t total = 0;
    while (total < (size_t)PRODUCER_COUNT * ITEM_COUNT) {
        void *items[7];
        const size_t count = queue_pop(&queue, WAIT_FOR_EVER, 0, items, 7);
        assert_in_range(count, 1, 7);
        for (size_t i = 0; i < count; i++) {
            const Item *item = items[i];
            assert_int_equal(item->number, last[item->producer] + 1); /* its own order */
            last[item->producer]++;
        }
        total += count;
    }
    for (size_t i = 0; i < PRODUCER_COUNT; i++)
        thread_join(&producers[i].thread);
    assert_int_equal(queue_count(&queue), 0);
    queue_done(&queue);
    queue_done(&queue); /* safe twice */
}

static void a_full_queue_says_busy_and_a_closed_one_denies(void **state)
{
    (void)state;
    Err err;
    void *places[2];
    int items[3];
    Queue queue;
    queue_init(&queue, places, 2);
    assert_int_equal(queue_push(&queue, &items[0], &err), OK);
    assert_int_equal(queue_push(&queue, &items[1], &err), OK);
    assert_int_equal(queue_push(&queue, &items[2], &err), ERR_BUSY);
    assert_string_equal(err.message, "2 are waiting already; try again shortly");
    queue_close(&queue);
    assert_int_equal(queue_push(&queue, &items[2], &err), ERR_DENIED);
    assert_false(queue_is_over(&queue)); /* two are still inside */

    void *taken[4];
    assert_int_equal(queue_pop(&queue, WAIT_FOR_EVER, 1000, taken, 4), 2);
    assert_ptr_equal(taken[0], &items[0]);
    assert_ptr_equal(taken[1], &items[1]);
    assert_true(queue_is_over(&queue));
    assert_int_equal(queue_pop(&queue, WAIT_FOR_EVER, 0, taken, 4), 0);
    queue_done(&queue);
}

static void waiting_ends_when_the_time_is_over(void **state)
{
    (void)state;
    void *places[2];
    void *taken[2];
    Queue queue;
    queue_init(&queue, places, 2);
    const uint64_t before = host_monotonic_ms(host_real());
    assert_int_equal(queue_pop(&queue, 20, 0, taken, 2), 0);
    assert_true(host_monotonic_ms(host_real()) - before >= 19);
    assert_int_equal(queue_pop(&queue, 0, 0, taken, 2), 0); /* only looks */
    assert_false(queue_is_over(&queue));
    queue_done(&queue);
}

static void gathering_stops_early_when_the_group_is_full(void **state)
{
    (void)state;
    Err err;
    void *places[4];
    void *taken[2];
    int items[2];
    Queue queue;
    queue_init(&queue, places, 4);
    assert_int_equal(queue_push(&queue, &items[0], &err), OK);
    assert_int_equal(queue_push(&queue, &items[1], &err), OK);
    const uint64_t before = host_monotonic_ms(host_real());
    assert_int_equal(queue_pop(&queue, WAIT_FOR_EVER, 60000, taken, 2), 2);
    assert_true(host_monotonic_ms(host_real()) - before < 30000);
    assert_int_equal(queue_push(&queue, &items[0], &err), OK);
    assert_int_equal(queue_pop(&queue, WAIT_FOR_EVER, 5, taken, 2), 1); /* nobody else came */
    queue_done(&queue);
}

typedef struct Waiter {
    Queue *queue;
    atomic_size_t popped;
} Waiter;

static void wait_for_item(void *context)
{
    Waiter *waiter = context;
    void *taken[1];
    atomic_store(&waiter->popped, queue_pop(waiter->queue, WAIT_FOR_EVER, 0, taken, 1));
}

static void closing_wakes_everybody(void **state)
{
    (void)state;
    Err err;
    void *places[2];
    Queue queue;
    queue_init(&queue, places, 2);
    Thread threads[3] = {{0}};
    Waiter waiters[3];
    for (size_t i = 0; i < 3; i++) {
        waiters[i].queue = &queue;
        atomic_init(&waiters[i].popped, 99);
        assert_int_equal(thread_start(&threads[i], "waiter", wait_for_item, &waiters[i], &err), OK);
    }
    queue_close(&queue);
    for (size_t i = 0; i < 3; i++) {
        thread_join(&threads[i]);
        thread_join(&threads[i]); /* safe twice */
        assert_int_equal(atomic_load(&waiters[i].popped), 0);
    }
    queue_done(&queue);
}

/* A reader with its question on the stack, as every request of the API has. */
typedef struct Question {
    Gate gate;
    int asked;
    int answer;
} Question;

static void answer_all(void *context)
{
    Queue *queue = context;
    void *items[4];
    size_t count;
    while ((count = queue_pop(queue, WAIT_FOR_EVER, 0, items, 4)) > 0) {
        for (size_t i = 0; i < count; i++) {
            Question *question = items[i];
            question->answer = question->asked * 2;
            gate_open(&question->gate);
        }
    }
}

static void ask(void *context)
{
    for (int i = 0; i < 2000; i++) {
        Err err;
        Question question = {.asked = i};
        gate_init(&question.gate);
        assert_int_equal(queue_push(context, &question, &err), OK);
        gate_wait(&question.gate);
        assert_int_equal(question.answer, 2 * i);
        gate_done(&question.gate);
    }
}

static void every_question_gets_its_answer(void **state)
{
    (void)state;
    Err err;
    void *places[8];
    Queue queue;
    queue_init(&queue, places, 8);
    Thread writer = {0};
    Thread readers[3] = {{0}};
    assert_int_equal(thread_start(&writer, "writer", answer_all, &queue, &err), OK);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(thread_start(&readers[i], "reader", ask, &queue, &err), OK);
    for (size_t i = 0; i < 3; i++)
        thread_join(&readers[i]);
    queue_close(&queue);
    thread_join(&writer);
    queue_done(&queue);
}

static void a_gate_that_stays_shut_is_not_waited_for_for_ever(void **state)
{
    (void)state;
    Gate gate;
    gate_init(&gate);
    assert_false(gate_wait_for(&gate, 10));
    gate_open(&gate);
    assert_true(gate_wait_for(&gate, 0));
    gate_done(&gate);
}

static void one_signal_stops_and_another_reopens(void **state)
{
    (void)state;
    signals_begin();
    assert_int_equal(signals_wait(0), WISH_NONE);
    assert_int_equal(signals_wait(10), WISH_NONE);
    assert_int_equal(raise(SIGTERM), 0);
    assert_int_equal(signals_wait(WAIT_FOR_EVER), WISH_STOP);
    assert_int_equal(raise(SIGINT), 0);
    assert_int_equal(signals_wait(60000), WISH_STOP);
    assert_int_equal(raise(SIGHUP), 0);
    assert_int_equal(signals_wait(60000), WISH_REOPEN);
    assert_int_equal(raise(SIGPIPE), 0); /* and we are still here */
    assert_int_equal(signals_wait(0), WISH_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(four_producers_lose_nothing_and_keep_their_order),
        cmocka_unit_test(a_full_queue_says_busy_and_a_closed_one_denies),
        cmocka_unit_test(waiting_ends_when_the_time_is_over),
        cmocka_unit_test(gathering_stops_early_when_the_group_is_full),
        cmocka_unit_test(closing_wakes_everybody),
        cmocka_unit_test(every_question_gets_its_answer),
        cmocka_unit_test(a_gate_that_stays_shut_is_not_waited_for_for_ever),
        cmocka_unit_test(one_signal_stops_and_another_reopens),
    };
    return cmocka_run_group_tests_name("thread", tests, NULL, NULL);
}
