import { z } from 'zod';

/** What the site sees of a virtual user. */
export const personaSchema = z.object({
  /** Stable short name, e.g. `chrome-windows`. */
  id: z.string(),
  title: z.string(),
  userAgent: z.string(),
  /** Low- and high-entropy client hints as the browser reports them (Sec-CH-UA-*); undefined for browsers that send none. */
  clientHints: z
    .object({
      brands: z.array(z.object({ brand: z.string(), version: z.string() })),
      fullVersionList: z.array(z.object({ brand: z.string(), version: z.string() })),
      platform: z.string(),
      platformVersion: z.string(),
      architecture: z.string(),
      model: z.string(),
      mobile: z.boolean(),
      bitness: z.string(),
      wow64: z.boolean(),
    })
    .optional(),
  /** What `navigator.platform` says. */
  platform: z.string(),
  languages: z.array(z.string()).min(1),
  /** IANA name. */
  timeZone: z.string(),
  viewport: z.object({
    width: z.number(),
    height: z.number(),
    deviceScaleFactor: z.number(),
    isMobile: z.boolean(),
    hasTouch: z.boolean(),
  }),
  referrer: z.string().optional(),
  geolocation: z.object({ latitude: z.number(), longitude: z.number(), accuracy: z.number() }).optional(),
  /** Upstream proxy, `http://host:port` or `socks5://host:port`; credentials are never stored in a capture. */
  proxy: z.string().optional(),
});

export type Persona = Readonly<z.infer<typeof personaSchema>>;
