package dev.tentpole.health;

import dev.tentpole.base.NanoClock;
import dev.tentpole.health.HealthException.Problem;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * How it works.
 *
 * All that changes is guarded by one lock, held for a few microseconds at a time and never while foreign code runs: no
 * check, no listener, no interruption of a thread. What has to happen outside is put into `deferred` and done right after
 * the lock was released. Each change ends in publish(): a pure function makes the next snapshot from the states of the
 * checks and the time, one volatile write shows it to readers, and its difference from the one before becomes the
 * transitions. So a transition happens exactly once, in the order of the snapshots, whoever noticed it.
 *
 * A reader looks at the snapshot and at the time. A snapshot holds until the first instant at which a result grows stale
 * or an override ends; before it, reading is one comparison. After it the reader makes the next snapshot itself. If it
 * gets the lock without waiting it publishes that, else it keeps it to itself: readers never wait for anyone. The
 * scheduler does the same at the same instant, so that listeners hear of it although nobody reads; but readers do not
 * depend on it.
 *
 * tick() does what is due and says when it wants to be called next. It is the only thing that is driven by time, so that
 * tests drive it with a clock of their own.
 *
 * A run is WAITING from when it falls due until there is room for it, then RUNNING. In time it is OVER. Past its deadline
 * the tick takes the result "timeout" in its place, interrupts its thread and calls it ABANDONED until that has returned;
 * until then the check is not started again, and each interval that passes counts as one more timeout. Abandoned threads
 * beyond the limit use up room, so that there are never more than checkThreads + maxAbandoned runs with a thread.
 */
final class Engine {

    private static final Logger LOG = LoggerFactory.getLogger(HealthRegistry.class);
    private static final double GOLDEN_RATIO = 0.618_033_988_749_894_8;
    private static final Duration LONGEST_OVERRIDE = Duration.ofDays(30);
    private static final long LONGEST_SLEEP = Duration.ofHours(1).toNanos();
    private static final long AWAKE = Long.MIN_VALUE;

    /** Is told what metrics count. Called outside of the lock. */
    interface Observer {

        void ran(String check, CheckResult result, Duration duration);

        void checksChanged();
    }

    private final Setup setup;
    private final Surroundings surroundings;
    private final Dispatcher dispatcher;
    private final NanoClock clock;
    private final NanoClock readClock;
    private final long origin;
    private final double firstPhase;
    private final List<Observer> observers = new CopyOnWriteArrayList<>();
    private final Map<String, CheckEntry> byName = new ConcurrentHashMap<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final List<CheckEntry> entries = new ArrayList<>();
    private final Deque<Run> waiting = new ArrayDeque<>();
    private final List<Runnable> deferred = new ArrayList<>();
    private Structure structure;
    private int everRegistered;
    private int running;
    private int abandoned;
    private long transitions;
    private long wakeAt = AWAKE;
    private @Nullable Instant lameDuckSince;
    private boolean closed;

    private volatile Snapshot snapshot;

    Engine(Setup setup, Surroundings surroundings) {
        this.setup = setup;
        this.surroundings = surroundings;
        this.dispatcher = new Dispatcher(surroundings.listeners(), setup.maxPendingTransitions());
        this.readClock = surroundings.readClock();
        NanoClock exact = surroundings.clock();
        long start = exact.nanoTime();
        this.origin = start;
        this.clock = () -> exact.nanoTime() - start;
        this.firstPhase = surroundings.random();
        for (int i = 0; i < setup.checks().size(); i++) {
            add(setup.settings().get(i), setup.checks().get(i));
        }
        structure = Structure.of(setup.settings(), setup.groups());
        setup.listeners().forEach(dispatcher::addListener);
        snapshot = Snapshot.first(structure, states(), setup.aggregation(), clock.nanoTime(), surroundings.wallTime());
    }

    void start() {
        surroundings.schedule(this::tick);
    }

    HealthReport report() {
        Snapshot current = snapshot;
        return readClock.nanoTime() - origin < current.validUntil() ? current.report() : laterReport(current);
    }

    private HealthReport laterReport(Snapshot current) {
        if (!lock.tryLock()) {
            return current.later(clock.nanoTime(), surroundings.wallTime()).report();
        }
        try {
            publish(clock.nanoTime());
            return snapshot.report();
        } finally {
            lock.unlock();
        }
    }

    void register(CheckSettings check, HealthCheck code) {
        lock.lock();
        try {
            refuseIfClosed();
            if (entries.size() >= setup.maxChecks()) {
                throw new HealthException(
                        Problem.TOO_MANY_CHECKS,
                        check.name(),
                        "check " + check.name() + " is one too many: maxChecks = " + setup.maxChecks());
            }
            List<CheckSettings> all = new ArrayList<>(
                    entries.stream().map(entry -> entry.settings).toList());
            all.add(check);
            structure = Structure.of(all, setup.groups());
            CheckEntry entry = add(check, code);
            publish(clock.nanoTime());
            wakeBefore(entry.due);
            deferred.add(() -> observers.forEach(Observer::checksChanged));
        } finally {
            unlockAndAct();
        }
    }

    boolean unregister(String name) {
        lock.lock();
        try {
            CheckEntry entry = byName.get(name);
            if (entry == null) {
                return false;
            }
            List<String> dependents = structure.dependents(name);
            if (!dependents.isEmpty()) {
                throw new HealthException(
                        Problem.STILL_NEEDED, name, "check " + name + " can't go: dependsOn of " + dependents);
            }
            byName.remove(name);
            entries.remove(entry);
            entry.registered = false;
            abandon(entry);
            structure = Structure.of(entries.stream().map(left -> left.settings).toList(), setup.groups());
            long now = clock.nanoTime();
            startWaiting(now);
            publish(now);
            deferred.add(() -> observers.forEach(Observer::checksChanged));
            return true;
        } finally {
            unlockAndAct();
        }
    }

    boolean record(String name, CheckResult result) {
        CheckEntry entry = byName.get(name);
        if (entry == null) {
            return false;
        }
        if (entry.isQuiet(result.status(), readClock.nanoTime() - origin)) {
            return true;
        }
        lock.lock();
        try {
            if (entry.registered && !closed) {
                long now = clock.nanoTime();
                entry.apply(result, now, surroundings.wallTime(), clock, -1);
                long due = now + entry.intervalAfter(result.status(), surroundings.random());
                entry.due = result.status() == Status.UNHEALTHY ? Math.min(entry.due, due) : due;
                publish(now);
                wakeBefore(entry.due);
            }
            return entry.registered;
        } finally {
            unlockAndAct();
        }
    }

    /** Starts a run unless one is under way or the last result is young; what to wait for, or null. */
    @Nullable
    Run refresh(String name) {
        lock.lock();
        try {
            refuseIfClosed();
            return refresh(entry(name), clock.nanoTime());
        } finally {
            unlockAndAct();
        }
    }

    /** The same for all checks. */
    List<Run> refreshAll() {
        lock.lock();
        try {
            refuseIfClosed();
            List<Run> runs = new ArrayList<>();
            for (CheckEntry entry : entries) {
                Run run = refresh(entry, clock.nanoTime());
                if (run != null) {
                    runs.add(run);
                }
            }
            return runs;
        } finally {
            unlockAndAct();
        }
    }

    private @Nullable Run refresh(CheckEntry entry, long now) {
        Run run = entry.run;
        if (run != null) {
            return run.state == Run.State.ABANDONED ? null : run;
        }
        CheckReport.Facts facts = entry.state.facts();
        if (facts != null && now - facts.atNanos() < setup.refreshCooldown().toNanos()) {
            return null;
        }
        Run fresh = enqueue(entry);
        startWaiting(now);
        return fresh;
    }

    void override(String name, @Nullable ManualOverride override) {
        lock.lock();
        try {
            CheckEntry entry = entry(name);
            long end = 0;
            if (override != null) {
                Instant wall = surroundings.wallTime();
                Instant latest = wall.plus(LONGEST_OVERRIDE);
                if (!override.until().isAfter(wall) || override.until().isAfter(latest)) {
                    throw new IllegalArgumentException(
                            "until = " + override.until() + ", must be after " + wall + " and not after " + latest);
                }
                end = clock.nanoTime()
                        + Duration.between(wall, override.until()).toNanos();
            }
            entry.state = entry.state.with(override, end);
            publish(clock.nanoTime());
        } finally {
            unlockAndAct();
        }
    }

    void lameDuck() {
        lock.lock();
        try {
            if (lameDuckSince == null) {
                lameDuckSince = surroundings.wallTime();
                publish(clock.nanoTime());
            }
        } finally {
            unlockAndAct();
        }
    }

    int abandoned() {
        lock.lock();
        try {
            return abandoned;
        } finally {
            lock.unlock();
        }
    }

    Dispatcher dispatcher() {
        return dispatcher;
    }

    void addObserver(Observer observer) {
        observers.add(observer);
    }

    void removeObserver(Observer observer) {
        observers.remove(observer);
    }

    void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            if (lameDuckSince == null) {
                lameDuckSince = surroundings.wallTime();
            }
            entries.forEach(this::abandon);
            publish(clock.nanoTime());
        } finally {
            unlockAndAct();
        }
        surroundings.close(setup.closeTimeout(), dispatcher::giveUp);
        int left = abandoned();
        if (left > 0) {
            LOG.warn("{} health checks did not end within closeTimeout = {}", left, setup.closeTimeout());
        }
    }

    /** Does what is due; how many nanoseconds later it wants to be called again. */
    long tick() {
        lock.lock();
        try {
            wakeAt = AWAKE;
            long now = clock.nanoTime();
            boolean changed = false;
            for (CheckEntry entry : entries) {
                changed |= tick(entry, now);
            }
            startWaiting(now);
            if (changed || now >= snapshot.validUntil()) {
                publish(now);
            }
            wakeAt = nextDue(now);
            return wakeAt - now;
        } finally {
            unlockAndAct();
        }
    }

    private boolean tick(CheckEntry entry, long now) {
        Run run = entry.run;
        if (run == null) {
            if (now >= entry.due && !closed) {
                enqueue(entry);
            }
            return false;
        }
        if (run.state == Run.State.RUNNING && now >= run.deadline) {
            abandon(entry);
            CheckResult result = CheckResult.unhealthy(
                    ReasonCategory.TIMEOUT, "no answer within timeout = " + entry.settings.timeout());
            apply(entry, result, now, now - run.startedAt);
            entry.state = entry.state.withAbandoned(true);
        } else if (run.state == Run.State.ABANDONED && now >= entry.due) {
            Duration since = Duration.ofNanos(now - run.startedAt).truncatedTo(ChronoUnit.MILLIS);
            CheckResult result = CheckResult.unhealthy(ReasonCategory.TIMEOUT, "a run has not returned for " + since);
            entry.apply(result, now, surroundings.wallTime(), clock, now - run.startedAt);
        } else {
            return false;
        }
        entry.due = now + entry.interval(surroundings.random());
        return true;
    }

    private long nextDue(long now) {
        long next = Math.min(snapshot.validUntil(), now + LONGEST_SLEEP);
        for (CheckEntry entry : entries) {
            Run run = entry.run;
            if (run == null || run.state == Run.State.ABANDONED) {
                next = Math.min(next, entry.due);
            } else if (run.state == Run.State.RUNNING) {
                next = Math.min(next, run.deadline);
            }
        }
        return Math.max(now, next);
    }

    private CheckEntry add(CheckSettings check, HealthCheck code) {
        double phase = firstPhase + everRegistered++ * GOLDEN_RATIO;
        long spread = Math.min(check.interval().toNanos(), setup.startSpread().toNanos());
        long delay = Math.round((phase - Math.floor(phase)) * spread);
        CheckEntry entry = new CheckEntry(check, code, clock.nanoTime() + delay);
        entries.add(entry);
        byName.put(check.name(), entry);
        return entry;
    }

    private Run enqueue(CheckEntry entry) {
        Run run = new Run(entry);
        entry.run = run;
        waiting.add(run);
        return run;
    }

    private void startWaiting(long now) {
        Run run = nextToStart(now);
        while (run != null) {
            Run started = run;
            deferred.add(() -> execute(started));
            run = nextToStart(now);
        }
    }

    private @Nullable Run nextToStart(long now) {
        if (running + Math.max(0, abandoned - setup.maxAbandoned()) >= setup.checkThreads()) {
            return null;
        }
        Run run = waiting.poll();
        if (run != null) {
            run.state = Run.State.RUNNING;
            run.startedAt = now;
            run.deadline = now + run.entry.settings.timeout().toNanos();
            running++;
            wakeBefore(run.deadline);
        }
        return run;
    }

    /** A run that gets no thread is over, and its place goes to the next one. */
    private void execute(Run first) {
        Run run = first;
        while (run != null) {
            run = executeOne(run);
        }
    }

    private @Nullable Run executeOne(Run run) {
        try {
            surroundings.checks().execute(() -> perform(run));
            return null;
        } catch (Throwable e) {
            CheckResult result = CheckResult.unhealthy(ReasonCategory.OVERLOAD, "no thread to run on");
            return finish(run, result.withException(e), 0);
        }
    }

    /** Runs a check and then, on the same thread, whatever waited for it. */
    private void perform(Run first) {
        Run run = first;
        while (run != null) {
            run = performOne(run);
        }
    }

    /** An error of the virtual machine is put down to the check as well, but then it goes its way. */
    private @Nullable Run performOne(Run run) {
        long start = clock.nanoTime();
        boolean entered = run.enter(Thread.currentThread());
        CheckResult result;
        VirtualMachineError fatal = null;
        try {
            result = entered ? run.entry.check.check() : CheckResult.healthy();
        } catch (Throwable e) {
            result = failure(e);
            fatal = e instanceof VirtualMachineError error && !(e instanceof StackOverflowError) ? error : null;
        }
        if (result == null) {
            result = CheckResult.unhealthy(ReasonCategory.INVALID_RESPONSE, "the check returned null");
        }
        run.leave();
        Run next = finish(run, result, clock.nanoTime() - start);
        if (fatal != null) {
            if (next != null) {
                execute(next);
            }
            throw fatal;
        }
        return next;
    }

    /** An exception may break when it is asked for its message or cause; the run has to end all the same. */
    private static CheckResult failure(Throwable thrown) {
        try {
            return CheckResult.failed(thrown);
        } catch (RuntimeException | Error e) {
            return CheckResult.unhealthy(ReasonCategory.EXCEPTION, "threw an exception that can't be described");
        }
    }

    private @Nullable Run finish(Run run, CheckResult result, long durationNanos) {
        lock.lock();
        try {
            long now = clock.nanoTime();
            CheckEntry entry = run.entry;
            boolean wasAbandoned = run.state == Run.State.ABANDONED;
            if (wasAbandoned) {
                abandoned--;
                entry.state = entry.state.withAbandoned(false);
            } else {
                running--;
                apply(entry, now >= run.deadline ? tooLate(entry) : result, now, durationNanos);
                entry.due = entry.dueAfterRun(run.startedAt, now, surroundings.random());
            }
            run.state = Run.State.OVER;
            entry.run = null;
            deferred.add(run.done::countDown);
            publish(now);
            wakeBefore(entry.due);
            return nextToStart(now);
        } finally {
            unlockAndAct();
        }
    }

    private static CheckResult tooLate(CheckEntry entry) {
        return CheckResult.unhealthy(
                ReasonCategory.TIMEOUT, "answered later than timeout = " + entry.settings.timeout());
    }

    private void apply(CheckEntry entry, CheckResult result, long now, long durationNanos) {
        entry.apply(result, now, surroundings.wallTime(), clock, durationNanos);
        deferred.add(() ->
                observers.forEach(observer -> observer.ran(entry.name(), result, Duration.ofNanos(durationNanos))));
    }

    /** Gives a run up: if it waits it will not start, if it runs its thread is interrupted and awaited no longer. */
    private void abandon(CheckEntry entry) {
        Run run = entry.run;
        if (run == null || run.state == Run.State.ABANDONED) {
            return;
        }
        if (run.state == Run.State.WAITING) {
            waiting.remove(run);
            run.state = Run.State.OVER;
            entry.run = null;
        } else {
            running--;
            abandoned++;
            run.state = Run.State.ABANDONED;
            deferred.add(run::interrupt);
        }
        deferred.add(run.done::countDown);
    }

    private void publish(long now) {
        Snapshot before = snapshot;
        Instant wall = surroundings.wallTime();
        Snapshot after = before.next(structure, states(), lameDuckSince, now, wall);
        snapshot = after;
        for (CheckReport check : after.report().checks()) {
            before.report()
                    .check(check.name())
                    .filter(old -> old.status() != check.status())
                    .ifPresent(old -> transition(
                            wall, Transition.Scope.CHECK, check.name(), old.status(), check.status(), check.reason()));
        }
        for (GroupReport group : after.report().groups()) {
            Status old = before.report().status(group.group());
            if (old != group.status()) {
                transition(
                        wall, Transition.Scope.GROUP, group.group().name(), old, group.status(), ReasonCategory.NONE);
            }
        }
        wakeBefore(after.validUntil());
    }

    private void transition(
            Instant at, Transition.Scope scope, String name, Status from, Status to, ReasonCategory reason) {
        dispatcher.add(new Transition(++transitions, at, scope, name, from, to, reason));
    }

    private List<CheckState> states() {
        List<CheckState> states = new ArrayList<>(entries.size());
        for (CheckEntry entry : entries) {
            states.add(entry.state);
        }
        return states;
    }

    private CheckEntry entry(String name) {
        CheckEntry entry = byName.get(name);
        if (entry == null) {
            throw new HealthException(Problem.UNKNOWN_CHECK, name, "no check " + name + " is registered");
        }
        return entry;
    }

    private void refuseIfClosed() {
        if (closed) {
            throw new HealthException(Problem.CLOSED, "", "the health registry is closed");
        }
    }

    private void wakeBefore(long at) {
        if (at < wakeAt) {
            wakeAt = at;
            deferred.add(surroundings::wake);
        }
    }

    /** What must not happen under the lock happens here; the order is that of the changes. */
    private void unlockAndAct() {
        List<Runnable> actions;
        try {
            actions = deferred.isEmpty() ? List.of() : new ArrayList<>(deferred);
            deferred.clear();
        } finally {
            lock.unlock();
        }
        actions.forEach(Engine::act);
        dispatcher.deliver();
    }

    /** What one action throws must keep no other from happening. */
    private static void act(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | Error e) {
            LOG.warn("A health registry's follow-up failed", e);
        }
    }
}
