/* A load generator for chat servers that speak lines. One thread, epoll, Linux.
 *
 * Each client opens with an empty line and "/join #bN". When all are in, the active ones talk:
 *
 *   echo   each client is in a room of its own and keeps -w messages under way; a message is finished
 *          when its "TEXT ACK" is there. With -a 1 all the others only hold their connection.
 *   room   all clients are in one room; the first -a of them keep -w messages under way each. One is
 *          finished when the ACK and the copies of all others ("NAME: TEXT") are there.
 *
 * With -i they speak IRC, without capabilities: client N registers as bN and joins #bN. A message is
 *
 *   echo   a PING with the text, finished when its PONG is there;
 *   room   a PRIVMSG, finished when the copies of all others are there: nothing answers the sender.
 *
 * Without -r the loop is closed: a finished message is followed by the next. With -r the loop is open:
 * messages become due at that rate whatever the server does, and their time counts from when they were due.
 *
 * A message's text is "SENDER-NUMBER-xxxx", so that each line that arrives can be checked.
 * Prints one line of JSON. Build: gcc -O2 -o load load.c
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <ctype.h>
#include <err.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { LINE = 1200, WINDOW = 64, GRACE_SECONDS = 3, SECOND = 1000000000 };

struct client {
    int fd, inside;        /* inside: its room has answered the join */
    int sent;              /* messages */
    int acked, finished;   /* those of them that are answered, and those of which all has arrived */
    int owed;              /* messages to send once this event is handled */
    int left;              /* bytes of an incomplete line in part */
    int missing[WINDOW];   /* answers and copies of its messages under way that have not arrived, by number */
    int64_t due[WINDOW];   /* when they were due */
    char part[LINE];
};

/* What is asked for. */
static int port, clients_n = 50, active = -1, window = 1, rate, stopped, size = 32, is_room, is_irc, server, door = 100;
static double seconds = 2, warmup = 0.3;

/* What happened. */
static struct client *clients;
static int *seen;          /* room: number of the next message of each sender, for each listener */
static int inside, refused, died, errors, wrong, unsent, under_way, todo_n, *todo;
static long acks, copies;
static int64_t from, until, last_finish, pause_ns, *times;
static size_t times_n, times_room;
static int poll_fd;

static int64_t clock_ns(clockid_t which)
{
    struct timespec t;
    clock_gettime(which, &t);
    return t.tv_sec * (int64_t)SECOND + t.tv_nsec;
}

static long resident_kib(void)
{
    char path[64];
    long pages = 0;
    snprintf(path, sizeof path, "/proc/%d/statm", server);
    FILE *file = server ? fopen(path, "r") : NULL;
    if (file) {
        if (fscanf(file, "%*d %ld", &pages) != 1) pages = 0;
        fclose(file);
    }
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static int room_of(int i) { return is_room ? 0 : i; }

/* Whether its sender is told that a message was taken. */
static int answered(void) { return !(is_irc && is_room); }

static void watch(int operation, int i)
{
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = i};
    if (epoll_ctl(poll_fd, operation, clients[i].fd, &event)) err(1, "epoll_ctl");
}

static void lose(int i, int *counter)
{
    if (clients[i].fd < 0) return;
    close(clients[i].fd);
    clients[i].fd = -1;
    ++*counter;
}

static void say(int i, const char *text, int length)
{
    if (send(clients[i].fd, text, length, MSG_NOSIGNAL | MSG_DONTWAIT) != length) lose(i, &died);
}

/* Count a refusal, and show the first of all. */
static void complain(int i, const char *text)
{
    static int shown;
    if (!shown++) fprintf(stderr, "the server says: %s\n", text);
    if (clients[i].inside) errors++;
    else lose(i, &refused);
}

/* Connect, say who comes and which room, and leave the answers to epoll. */
static void enter(int i)
{
    struct sockaddr_in here = {.sin_family = AF_INET}, there = here;
    char hello[64];
    int one = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0) err(1, "socket");
    /* Several source addresses, so that ports are never short. */
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + i % 8);
    there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    there.sin_port = htons(port);
    setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (bind(fd, (void *)&here, sizeof here) || connect(fd, (void *)&there, sizeof there)) err(1, "connect");
    clients[i].fd = fd;
    watch(EPOLL_CTL_ADD, i);
    int length = is_irc ? snprintf(hello, sizeof hello, "NICK b%d\r\nUSER b 0 * :b\r\n", i)
                        : snprintf(hello, sizeof hello, "\n/join #b%d\n", room_of(i));
    say(i, hello, length);
}

/* Send the next messages of a client in one piece. */
static void talk(int i, int count, int64_t due)
{
    static char out[WINDOW * LINE];
    struct client *c = &clients[i];
    int length = 0;
    if (c->fd < 0) return;
    for (; count > 0; count--) {
        if (is_irc) length += sprintf(out + length, is_room ? "PRIVMSG #b0 :" : "PING :");
        int head = sprintf(out + length, "%d-%d-", i, c->sent);
        if (head < size) memset(out + length + head, 'x', size - head);
        length += head < size ? size : head;
        if (is_irc) out[length++] = '\r';
        out[length++] = '\n';
        c->missing[c->sent % WINDOW] = answered() + (is_room ? clients_n - 1 - stopped : 0);
        c->due[c->sent++ % WINDOW] = due;
        under_way++;
    }
    say(i, out, length);
}

static void note_time(int64_t due, int64_t now)
{
    if (times_n == times_room) {
        times_room = times_room ? 2 * times_room : 1 << 16;
        if (!(times = realloc(times, times_room * sizeof *times))) err(1, "realloc");
    }
    times[times_n++] = now - due;
}

static void note_pause(int64_t now)
{
    int64_t since = last_finish > from ? last_finish : from;
    if (now - since > pause_ns) pause_ns = now - since;
    last_finish = now;
}

/* An answer or a copy of a message has arrived. The last one of all finishes it, in the order they were sent. */
static void arrive(int i, int number, int64_t now)
{
    if (--clients[i].missing[number % WINDOW]) return;
    clients[i].finished++;
    under_way--;
    int64_t due = clients[i].due[number % WINDOW];
    if (due >= from && due < until) note_time(due, now);
    if (now >= until) return;
    note_pause(now);
    if (now >= from) acks++;
    if (!rate && !clients[i].owed++) todo[todo_n++] = i;
}

static void take_ack(int i, int sender, int number, int64_t now)
{
    struct client *c = &clients[i];
    if (sender != i || number != c->acked || number >= c->sent) { wrong++; return; }
    c->acked++;
    arrive(i, number, now);
}

static void take_copy(int i, int sender, int number, int64_t now)
{
    if (!is_room || sender < 0 || sender >= active || sender == i) { wrong++; return; }
    struct client *c = &clients[sender];
    int *next = &seen[i * active + sender];
    if (number != *next || number >= c->sent) { wrong++; return; }
    ++*next;
    if (now >= from && now < until) copies++;
    arrive(sender, number, now);
}

static int number_at(const char **text)
{
    int number = 0;
    while (isdigit((unsigned char)**text)) number = number * 10 + *(*text)++ - '0';
    return number;
}

static void take_line(int i, const char *text, int length, int64_t now)
{
    const char *mark;
    if (!clients[i].inside) {
        char joined[32];
        int tail = snprintf(joined, sizeof joined, " joined #b%d", room_of(i));
        if (length > 5 && !memcmp(text, "ERROR", 5)) complain(i, text);
        else if (length > tail && !memcmp(text + length - tail, joined, tail)) clients[i].inside = ++inside;
    } else if (isdigit((unsigned char)*text)) {
        int sender = number_at(&text), number = (text++, number_at(&text));
        take_ack(i, sender, number, now);
    } else if (*text == '*') {
        return; /* somebody came or went */
    } else if ((mark = memchr(text, ':', length)) && mark[1] == ' ' && isdigit((unsigned char)mark[2])) {
        mark += 2;
        int sender = number_at(&mark), number = (mark++, number_at(&mark));
        take_copy(i, sender, number, now);
    } else if (length > 3 && !memcmp(text, "ERR", 3)) {
        complain(i, text);
    }
}

static int starts(const char *text, const char *with) { return !strncmp(text, with, strlen(with)); }

/* What comes after the next blank, or the empty end. */
static const char *after_blank(const char *text)
{
    text += strcspn(text, " ");
    return text + strspn(text, " ");
}

/* A copy: ":bSENDER!... PRIVMSG #b0 :TEXT". */
static void take_privmsg(int i, const char *line, const char *parameters, int64_t now)
{
    const char *text = after_blank(parameters), *nick = line + 2;
    text += *text == ':';
    int sender = number_at(&text), number = (text++, number_at(&text));
    if (!starts(line, ":b") || number_at(&nick) != sender || *nick != '!') wrong++;
    else take_copy(i, sender, number, now);
}

static void take_irc_line(int i, const char *line, int64_t now)
{
    char answer[LINE];
    const char *command = *line == ':' ? after_blank(line) : line, *parameters = after_blank(command);
    if (starts(command, "PRIVMSG ")) {
        take_privmsg(i, line, parameters, now);
    } else if (starts(command, "PONG ")) {
        const char *text = after_blank(parameters);
        text += *text == ':';
        int sender = number_at(&text), number = (text++, number_at(&text));
        take_ack(i, sender, number, now);
    } else if (starts(command, "PING ")) {
        say(i, answer, snprintf(answer, sizeof answer, "PONG %s\r\n", parameters));
    } else if (starts(command, "001 ")) {
        say(i, answer, snprintf(answer, sizeof answer, "JOIN #b%d\r\n", room_of(i)));
    } else if (starts(command, "366 ")) {
        clients[i].inside = ++inside;
    } else if (starts(command, "ERROR") || starts(command, "FAIL ") ||
               ((*command == '4' || *command == '5') && !starts(command, "422 "))) { /* 422: no message of the day */
        complain(i, line);
    }
}

static void receive(int i)
{
    static char data[LINE + (256 << 10) + 1];
    struct client *c = &clients[i];
    if (c->fd < 0) return;
    memcpy(data, c->part, c->left);
    ssize_t got = recv(c->fd, data + c->left, 256 << 10, MSG_DONTWAIT);
    if (got <= 0) { lose(i, &died); return; }
    /* Some IRC servers keep the rest of a room's lines until the first is acknowledged. Say so at once, or the kernel's
     * wait of 40 ms is measured in place of the server. */
    int one = 1;
    if (is_irc && is_room) setsockopt(c->fd, IPPROTO_TCP, TCP_QUICKACK, &one, sizeof one);
    int64_t now = clock_ns(CLOCK_MONOTONIC);
    char *line = data, *end = data + c->left + got, *newline;
    for (; (newline = memchr(line, '\n', end - line)); line = newline + 1) {
        newline[newline > line && newline[-1] == '\r' ? -1 : 0] = 0;
        if (is_irc) take_irc_line(i, line, now);
        else if (newline > line) take_line(i, line, newline - line, now);
    }
    c->left = end - line;
    if (c->left >= LINE) errx(1, "a line of more than %d bytes", LINE);
    memcpy(c->part, line, c->left);
    for (; todo_n; clients[todo[todo_n]].owed = 0) {
        --todo_n;
        talk(todo[todo_n], clients[todo[todo_n]].owed, now);
    }
}

static void wait_and_receive(int timer)
{
    struct epoll_event events[512];
    int count = epoll_wait(poll_fd, events, 512, 100);
    for (int e = 0; e < count; e++)
        if ((int)events[e].data.u32 != timer) receive(events[e].data.u32);
}

/* Send what has become due: the next client each time, in an order that visits all of them. */
static void keep_the_rate(long *done, int timer)
{
    uint64_t ticks;
    if (read(timer, &ticks, sizeof ticks) < 0) return;
    int64_t now = clock_ns(CLOCK_MONOTONIC), begin = from - (int64_t)(warmup * SECOND), due;
    for (; (due = begin + *done * (int64_t)SECOND / rate) <= now && due < until; ++*done) {
        int i = *done * 7919 % active;
        if (clients[i].sent - clients[i].finished < WINDOW) talk(i, 1, due);
        else unsent++;
    }
}

static int start_timer(void)
{
    int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    struct itimerspec every = {{0, SECOND / (rate > 1000 ? rate : 1000)}, {0, 1}};
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = clients_n};
    timerfd_settime(timer, 0, &every, NULL);
    epoll_ctl(poll_fd, EPOLL_CTL_ADD, timer, &event);
    return timer;
}

/* What was never finished has taken at least until now: left out, it would make a standstill look fast. */
static void note_unfinished(int64_t now)
{
    for (int i = 0; i < active; i++) {
        struct client *c = &clients[i];
        for (int number = c->finished; number < c->sent; number++)
            note_time(c->due[number % WINDOW], now);
    }
}

static void run(void)
{
    int timer = rate ? start_timer() : -1;
    int64_t now = clock_ns(CLOCK_MONOTONIC);
    long done = 0;
    last_finish = now;
    from = now + warmup * SECOND;
    until = from + seconds * SECOND;
    for (int i = 0; !rate && i < active; i++) talk(i, window, now);
    while ((now = clock_ns(CLOCK_MONOTONIC)) < until || (under_way && now < until + GRACE_SECONDS * (int64_t)SECOND)) {
        wait_and_receive(clients_n);
        if (rate) keep_the_rate(&done, timer);
    }
    note_pause(until);
    note_unfinished(now);
}

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* The smallest time that at least this share of all is not above. */
static double percentile_us(double share)
{
    size_t rank = times_n * share;
    if (rank < times_n * share) rank++;
    return times_n ? times[rank ? rank - 1 : 0] / 1e3 : 0;
}

static void report(long before, long held, double busy)
{
    long unanswered = 0, undelivered = 0;
    for (int i = 0; i < active; i++) {
        struct client *c = &clients[i];
        int waiting = answered() ? c->sent - c->acked : 0;
        unanswered += waiting;
        undelivered -= waiting;
        for (int number = c->finished; number < c->sent; number++) undelivered += c->missing[number % WINDOW];
    }
    qsort(times, times_n, sizeof *times, compare);
    printf("{\"clients\": %d, \"inside\": %d, \"refused\": %d, \"died\": %d, \"errors\": %d, \"wrong\": %d, "
           "\"unsent\": %d, \"unanswered\": %ld, \"undelivered\": %ld, \"acks\": %ld, \"acks_s\": %.1f, "
           "\"deliveries\": %ld, \"deliveries_s\": %.1f, \"p50_us\": %.1f, \"p99_us\": %.1f, \"p999_us\": %.1f, "
           "\"max_us\": %.1f, \"pause_us\": %.1f, \"rss_kib\": %ld, \"rss_per_client_kib\": %.2f, \"load_cpu\": %.2f}\n",
           clients_n, inside, refused, died, errors, wrong, unsent, unanswered, undelivered, acks, acks / seconds,
           copies, copies / seconds, percentile_us(0.5), percentile_us(0.99), percentile_us(0.999), percentile_us(1),
           pause_ns / 1e3, held, (held - before) / (double)clients_n, busy);
}

static void read_options(int argc, char **argv)
{
    for (int option; (option = getopt(argc, argv, "im:p:n:a:w:r:k:d:u:z:c:P:")) != -1;)
        switch (option) {
        case 'i': is_irc = 1; break;
        case 'm': is_room = !strcmp(optarg, "room"); break;
        case 'p': port = atoi(optarg); break;
        case 'n': clients_n = atoi(optarg); break;
        case 'a': active = atoi(optarg); break;
        case 'w': window = atoi(optarg); break;
        case 'r': rate = atoi(optarg); break;
        case 'k': stopped = atoi(optarg); break;
        case 'd': seconds = atof(optarg); break;
        case 'u': warmup = atof(optarg); break;
        case 'z': size = atoi(optarg); break;
        case 'c': door = atoi(optarg); break;
        case 'P': server = atoi(optarg); break;
        default: port = 0; optind = argc;
        }
    if (active < 0) active = clients_n;
    if (port < 1 || clients_n < 1 || clients_n > 20000 || active < 1 || active > clients_n - stopped || rate < 0 ||
        rate > 1000000 || window < 1 || window > WINDOW || size < 1 || size > 1000 || stopped < 0 || seconds > 60 || door < 1)
        errx(2, "usage: load -p PORT [-i] [-m echo|room] [-n CLIENTS] [-a ACTIVE] [-w UNDER_WAY] [-r MESSAGES_A_SECOND] "
                "[-k CLIENTS_THAT_STOP_READING] [-d SECONDS] [-u WARMUP_SECONDS] [-z BYTES] "
                "[-c CLIENTS_THAT_ENTER_AT_A_TIME] [-P SERVER_PID]");
    if (is_room && rate) errx(2, "-r is for -m echo");
    if (is_irc && (size > 400 || (is_room && clients_n - stopped < 2))) errx(2, "-i: at most 400 bytes, a room of two at least");
}

int main(int argc, char **argv)
{
    read_options(argc, argv);
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    alarm(90 + seconds + warmup); /* whatever happens, this ends */

    poll_fd = epoll_create1(0);
    clients = calloc(clients_n, sizeof *clients);
    todo = calloc(clients_n, sizeof *todo);
    seen = calloc((size_t)clients_n * active, is_room ? sizeof *seen : 0);
    if (!clients || !todo || (is_room && !seen)) err(1, "calloc");

    long before = resident_kib();
    for (int i = 0; i < clients_n || inside + refused + died < clients_n;) {
        if (i < clients_n && i - inside - refused - died < door) enter(i++);
        else wait_and_receive(-1);
    }
    long held = resident_kib();
    /* The last ones never read again, and nothing tells us what becomes of them. */
    for (int i = clients_n - stopped; i < clients_n; i++)
        if (clients[i].fd >= 0) watch(EPOLL_CTL_DEL, i);
    int64_t cpu = clock_ns(CLOCK_PROCESS_CPUTIME_ID), begun = clock_ns(CLOCK_MONOTONIC);
    if (inside == clients_n) run();
    int64_t passed = clock_ns(CLOCK_MONOTONIC) - begun;
    report(before, held, passed ? (clock_ns(CLOCK_PROCESS_CPUTIME_ID) - cpu) / (double)passed : 0);
    return 0;
}
