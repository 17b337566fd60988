import { vendorOfHost } from '#extract';
import { parseHost, registrableDomain, type Host } from '#model';

/** A service that sites of all kinds use: having it in common says nothing of who is behind them. */
export interface SharedService {
  /** The vendor, or the domain where no rule names one. */
  readonly name: string;
  /** What kind of service it is, in lower case. */
  readonly kind: string;
}

/**
 * What pages of all kinds link to, call or send their visitors to, and what no component rule tells, since nothing is
 * loaded from there. Common knowledge, not measured; every domain stands for all its hosts, tenants' own ones excepted.
 */
const DOMAINS_BY_KIND: Readonly<Record<string, string>> = {
  'social network': `facebook.com fb.com fb.me instagram.com threads.net twitter.com x.com t.co linkedin.com lnkd.in
    pinterest.com reddit.com tiktok.com snapchat.com vk.com ok.ru weibo.com bsky.app quora.com flickr.com`,
  messenger: `telegram.org telegram.me t.me wa.me whatsapp.com discord.com discordapp.com discord.gg signal.org viber.com
    line.me skype.com zoom.us hooks.slack.com`,
  'video platform':
    'youtube.com youtu.be youtube-nocookie.com vimeo.com twitch.tv dailymotion.com bilibili.com rutube.ru',
  'code host': `github.com raw.githubusercontent.com objects.githubusercontent.com release-assets.githubusercontent.com
    avatars.githubusercontent.com githubassets.com gitlab.com bitbucket.org sourceforge.net codeberg.org gitee.com
    npmjs.com npmjs.org pypi.org pythonhosted.org stackoverflow.com`,
  'app store':
    'apps.apple.com itunes.apple.com play.google.com apps.microsoft.com addons.mozilla.org f-droid.org',
  'search engine or portal': `google.com bing.com yahoo.com duckduckgo.com yandex.ru yandex.com baidu.com mail.ru naver.com
    live.com outlook.com wikipedia.org wikimedia.org archive.org`,
  'software vendor': `apple.com microsoft.com mozilla.org adobe.com gstatic.com googleapis.com w3.org schema.org
    gravatar.com wordpress.org ogp.me xmlns.com`,
  'file host': `dropbox.com dropboxusercontent.com mega.nz mediafire.com wetransfer.com 1drv.ms box.com pastebin.com
    hastebin.com transfer.sh file.io gofile.io imgur.com ibb.co postimg.cc`,
  'link shortener':
    'bit.ly tinyurl.com goo.gl ow.ly is.gd v.gd t.ly cutt.ly rebrand.ly buff.ly shorturl.at clck.ru',
  'public API': `ipify.org ipinfo.io ip-api.com ipapi.co ipgeolocation.io ifconfig.me ifconfig.co icanhazip.com
    checkip.amazonaws.com httpbin.org geojs.io ipwho.is db-ip.com ipdata.co seeip.org coingecko.com coinmarketcap.com
    cryptocompare.com blockchain.info blockchair.com etherscan.io api.binance.com cloudflare-dns.com dns.google
    openweathermap.org`,
  'form service':
    'formspree.io formsubmit.co getform.io web3forms.com submit-form.com usebasin.com form.jotform.com form.typeform.com',
  'payment service': 'paypal.com stripe.com klarna.com',
};

const KIND_BY_DOMAIN = new Map(
  Object.entries(DOMAINS_BY_KIND).flatMap(([kind, domains]) =>
    domains.split(/\s+/).map((domain) => [domain, kind] as const),
  ),
);

/** The service that the host is part of; undefined where it is nobody's that is known. */
export function sharedService(host: Host): SharedService | undefined {
  const vendor = vendorOfHost(host);
  if (vendor !== undefined) return { name: vendor.name, kind: vendor.category.toLowerCase() };
  const labels = host.split('.');
  for (let first = 0; first < labels.length - 1; first++) {
    const domain = parseHost(labels.slice(first).join('.'));
    const kind = domain && KIND_BY_DOMAIN.get(domain);
    if (domain === undefined || kind === undefined) continue;
    // `somebody.github.io` and its like are their tenants'.
    return registrableDomain(host) === registrableDomain(domain) ? { name: domain, kind } : undefined;
  }
  return undefined;
}
