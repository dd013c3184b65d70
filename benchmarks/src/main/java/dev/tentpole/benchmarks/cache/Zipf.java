package dev.tentpole.benchmarks.cache;

import java.util.Arrays;
import java.util.Random;

/** Numbers 0 to n - 1 of which the k-th most frequent one comes with a probability of k^-skew, in a scattered order. */
final class Zipf {

    private final double[] cumulated;
    private final int[] places;
    private final Random random;

    Zipf(int n, double skew, long seed) {
        random = new Random(seed);
        cumulated = new double[n];
        places = new int[n];
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += Math.pow(i + 1.0, -skew);
            cumulated[i] = sum;
            places[i] = i;
        }
        for (int i = n - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int moved = places[i];
            places[i] = places[other];
            places[other] = moved;
        }
    }

    int next() {
        double wanted = random.nextDouble() * cumulated[cumulated.length - 1];
        int found = Arrays.binarySearch(cumulated, wanted);
        return places[Math.min(cumulated.length - 1, found < 0 ? -found - 1 : found)];
    }

    int[] next(int count) {
        int[] numbers = new int[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = next();
        }
        return numbers;
    }
}
