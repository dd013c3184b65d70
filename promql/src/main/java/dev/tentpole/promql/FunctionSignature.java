package dev.tentpole.promql;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A function of PromQL: its name, what it takes and what it gives.
 *
 * @param name the name; functions are the only names in PromQL whose case matters
 * @param argumentTypes the types of the arguments, in order; the last one repeats when more arguments are allowed
 * @param minArguments how many arguments there must be
 * @param maxArguments how many arguments there may be; {@link Integer#MAX_VALUE} when there is no limit
 * @param returnType the type of the result
 * @param since the first language level that has the function
 * @param experimental whether a server needs {@code --enable-feature=promql-experimental-functions} for it
 */
public record FunctionSignature(
        String name,
        List<ValueType> argumentTypes,
        int minArguments,
        int maxArguments,
        ValueType returnType,
        LanguageLevel since,
        boolean experimental) {

    /**
     * Copies the list of argument types.
     *
     * @param name the name; functions are the only names in PromQL whose case matters
     * @param argumentTypes the types of the arguments, in order; the last one repeats when more arguments are allowed
     * @param minArguments how many arguments there must be
     * @param maxArguments how many arguments there may be; {@link Integer#MAX_VALUE} when there is no limit
     * @param returnType the type of the result
     * @param since the first language level that has the function
     * @param experimental whether a server needs {@code --enable-feature=promql-experimental-functions} for it
     */
    public FunctionSignature {
        argumentTypes = List.copyOf(argumentTypes);
    }

    /**
     * {@return the function of this name, if there is one at the newest language level}
     *
     * @param name the exact name, in lower case
     */
    public static Optional<FunctionSignature> of(String name) {
        return Optional.ofNullable(Functions.find(name, 0, name.length()));
    }

    /** {@return all functions of the newest language level, ordered by name} */
    public static Collection<FunctionSignature> all() {
        return Functions.ALL;
    }

    /**
     * {@return the type that an argument must have}
     *
     * @param index the argument's place, from 0; less than {@link #maxArguments}
     * @throws IndexOutOfBoundsException if there is no such argument
     */
    public ValueType argumentType(int index) {
        if (index < 0 || index >= maxArguments) {
            throw new IndexOutOfBoundsException(index);
        }
        return argumentTypes.get(Math.min(index, argumentTypes.size() - 1));
    }
}
