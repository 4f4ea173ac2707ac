// What is granted beyond a limit before it counts as broken. Leaves, so that no rule has its own.

/**
 * A limit is kept by timers of the chain, which start after the harness has seen the request and
 * fire a step late; errors take a few turns to reach the caller; real clocks are coarser still.
 * No promise to a user depends on a quarter of a second.
 */
export const marginMs = 250;

/** undici looks at its own header and body limits once a second. */
export const coarseMs = 1_000;

/** How soon work has stopped once nobody waits for it: sockets take a round trip to close. */
export const releaseMs = 1_000;
