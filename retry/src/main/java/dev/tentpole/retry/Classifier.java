package dev.tentpole.retry;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Says what a failure is, by its type and the facts that it carries, never by the text of its message.
 *
 * <p>{@link Classifiers} has tables for HTTP, I/O and TLS, SQL, gRPC. A classifier that does not know a failure says {@link
 * FailureKind#UNKNOWN}, and {@link #orElse} asks the next. It is called for each failure, on the thread that called or,
 * for asynchronous calls, on the one that brought the failure; it must be safe for use by several threads and must not
 * wait. What it throws is logged, and the failure counts as {@link FailureKind#UNKNOWN}.
 */
@FunctionalInterface
public interface Classifier {

    /**
     * {@return what the failure is; of the kind {@link FailureKind#UNKNOWN} if this classifier does not know it}
     *
     * @param thrown what the call threw; a {@link java.util.concurrent.CompletionException} or {@link
     *     java.util.concurrent.ExecutionException} has been taken off
     */
    Failure classify(Throwable thrown);

    /**
     * {@return what the failure is that a result stands for, such as an HTTP answer of status 503; empty if it is none}
     *
     * <p>The default knows no such results. If a call ends with such a result, the result is returned; what becomes
     * of those before it, {@link Policy.Builder#onDiscard} says.
     *
     * @param result what the call returned, may be null
     */
    default Optional<Failure> classifyResult(@Nullable Object result) {
        return Optional.empty();
    }

    /**
     * {@return whether {@link #classifyResult} can say anything but empty; only then is it asked}
     */
    default boolean judgesResults() {
        return false;
    }

    /**
     * {@return a classifier that asks another one about what this one does not know}
     *
     * @param next whom to ask
     */
    default Classifier orElse(Classifier next) {
        return new Classifiers.Chain(this, Objects.requireNonNull(next, "next"));
    }

    /**
     * {@return a classifier of one type of exceptions and its subtypes}
     *
     * @param type the type
     * @param facts makes a failure of what the exception says
     * @param <E> the type
     */
    static <E extends Throwable> Classifier on(Class<E> type, Function<? super E, Failure> facts) {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(facts, "facts");
        return thrown -> type.isInstance(thrown) ? facts.apply(type.cast(thrown)) : Failure.of(FailureKind.UNKNOWN);
    }

    /**
     * {@return a classifier for which all exceptions of a type and its subtypes are of one kind}
     *
     * @param type the type
     * @param kind the kind
     */
    static Classifier on(Class<? extends Throwable> type, FailureKind kind) {
        Failure failure = Failure.of(kind);
        return on(type, thrown -> failure);
    }

    /**
     * {@return a classifier that judges results of one type, and no exceptions}
     *
     * @param type the type of results
     * @param facts makes a failure of what the result says; empty if it is a good one
     * @param <R> the type
     */
    static <R> Classifier onResult(Class<R> type, Function<? super R, Optional<Failure>> facts) {
        return new Classifiers.OfResults<>(
                Objects.requireNonNull(type, "type"), Objects.requireNonNull(facts, "facts"));
    }
}
