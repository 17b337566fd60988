/**
 * The analyst's app: what the API knows, shown and acted on in a browser.
 *
 * Promises: no logic of its own — what a screen shows comes from a route that anybody may call; captured strings are
 * shown inert; every screen works by keyboard alone, in light and dark, and reads on a phone.
 * Leaves to others: finding things out (`investigate`), the contract (`api`), sending the built files (`server`).
 *
 * `app` is the frame around the screens (routes, keys, theme), `client` the way to the API, `design` the looks and the
 * plain controls, `value` any captured string, `table` rows by the thousand, `screens` a folder a screen.
 */
export {};
