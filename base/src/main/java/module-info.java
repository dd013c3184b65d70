/**
 * The small ground that Tentpole's modules share. No promises to users.
 */
module dev.tentpole.base {
    requires static transitive org.jspecify;

    exports dev.tentpole.base;
}
