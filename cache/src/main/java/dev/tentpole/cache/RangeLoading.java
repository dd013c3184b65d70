package dev.tentpole.cache;

import dev.tentpole.base.NanoClock;
import dev.tentpole.cache.Assembly.Source;
import dev.tentpole.cache.Assembly.Span;
import dev.tentpole.cache.CacheException.Problem;
import dev.tentpole.cache.RangeDesk.Job;
import dev.tentpole.cache.RangeFlight.Loaded;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How one request comes by the points that are not cached: it loads them part by part, and waits for what others load.
 *
 * <p>A part is begun only when there is a thread to load it, and then only as far as it is still missing and nobody else
 * loads it. So whatever somebody waits for is being loaded. All loads of its own come before it waits: nobody waits for
 * somebody who waits for him, unless loaders call the cache; that is what {@link Leaders} sees.
 *
 * <p>Threads that load parts of one request put them into its answer under the lane's lock.
 */
final class RangeLoading<K, V> {

    private final Job<K, V> job;
    private final Assembly<V> assembly;
    private final RangeDesk<K, V> desk;
    private final RangeReader<K, V> reader;
    private final NanoClock clock;

    /** Loads of others that bring points which this request misses. */
    private final Set<RangeFlight<V>> others = new LinkedHashSet<>();

    private boolean begun;
    private boolean over;
    /** Whether time has passed with loads of its own or of others. */
    private volatile boolean late;

    RangeLoading(Job<K, V> job, Assembly<V> assembly, RangeDesk<K, V> desk, RangeReader<K, V> reader, NanoClock clock) {
        this.job = job;
        this.assembly = assembly;
        this.desk = desk;
        this.reader = reader;
        this.clock = clock;
    }

    /** Puts what is missing into the answer, but for points about which loaders tell nothing. */
    void run() throws InterruptedException {
        try {
            desk.giveUpOverdue(job);
            boolean again = true;
            // Unless somebody whose load this one waited for was cancelled, nobody knows more about what is missing
            // now.
            while (again && !assembly.isComplete()) {
                desk.checkOpen();
                others.clear();
                desk.runAll(job, desk.parts(job, assembly.missing()), this::load);
                again = awaitOthers();
            }
        } catch (CacheException e) {
            takeInstead(e);
        } finally {
            job.lane().lock.lock();
            try {
                over = true;
            } finally {
                job.lane().lock.unlock();
            }
        }
    }

    /** Takes what is stale if time is over; if that is not all that is missing, the failure is the answer. */
    private void takeInstead(CacheException failure) {
        boolean isLate = job.deadline().isExpired() && !Thread.currentThread().isInterrupted();
        if (isLate && (failure.problem() == Problem.TIMEOUT || failure.problem() == Problem.LOAD_FAILED)) {
            job.lane().lock.lock();
            try {
                reader.takeStale(job, assembly, job.all());
            } finally {
                job.lane().lock.unlock();
            }
        }
        if (!assembly.isComplete()) {
            throw failure;
        }
    }

    /** Loads what is to be loaded of a part of the grid. */
    private void load(Span part) throws InterruptedException {
        long first = job.grid().first();
        Span rest = part;
        while (rest.from() < rest.to()) {
            RangeFlight<V> flight = begin(rest);
            if (flight == null) {
                return;
            }
            Loaded<V> loaded = desk.run(late ? job.rest() : job, flight);
            late = true;
            if (loaded.failure() instanceof Error error) {
                throw error;
            }
            take(loaded);
            rest = new Span(flight.to() - first, rest.to());
        }
    }

    /** {@return a load of the first points that nobody loads, for this thread to run; null if there are none} */
    private @Nullable RangeFlight<V> begin(Span part) {
        job.lane().lock.lock();
        try {
            reader.takeFresh(job, assembly, part);
            if (!job.isAnew()) {
                reader.takeHeld(job, assembly, part);
            }
            if (over || !assembly.isMissing(part)) {
                return null;
            }
            if (begun || late) {
                RangeCalls.checkTime(job);
            }
            RangeFlight<V> flight = desk.begin(job, assembly.missing(part), others::add);
            begun |= flight != null;
            return flight;
        } finally {
            job.lane().lock.unlock();
        }
    }

    /** {@return whether some load was abandoned, or is too old for this request} */
    private boolean awaitOthers() throws InterruptedException {
        boolean abandoned = false;
        for (RangeFlight<V> flight : others) {
            Loaded<V> loaded = desk.await(job, flight);
            late = true;
            if (loaded == null) {
                abandoned = true;
            } else {
                take(loaded);
            }
        }
        return abandoned;
    }

    /** Puts into the answer what a load brought, or what is stale if it failed. */
    private void take(Loaded<V> loaded) {
        long first = job.grid().first();
        V value = loaded.value();
        job.lane().lock.lock();
        try {
            if (value != null) {
                assembly.add(loaded.from() - first, loaded.to() - first, value, Source.FETCHED, clock.nanoTime());
                assembly.setNotKept(loaded.reason());
                return;
            }
            long from = loaded.grid().first() - first;
            Span failed = new Span(from, from + loaded.grid().count());
            reader.takeStale(job, assembly, failed);
            if (assembly.isMissing(failed)) {
                throw LoadCalls.loadFailed(job.request().key(), Objects.requireNonNull(loaded.failure()));
            }
        } finally {
            job.lane().lock.unlock();
        }
    }
}
