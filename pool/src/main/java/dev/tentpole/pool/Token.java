package dev.tentpole.pool;

/**
 * Stands for the right to give an object back. While the object is lent only the lease holds it, so that the garbage
 * collector tells whether anyone still can.
 */
final class Token {}
