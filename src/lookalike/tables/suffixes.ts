/** One-key slips of .com, .org and .net: registries where names live from them. */
export const SLIP_SUFFIXES: ReadonlySet<string> = new Set('cm om co cam ne et og or'.split(' '));

/** Suffixes that abuse reports name far beyond their share of registrations: free, or nearly. */
export const ABUSED_SUFFIXES: ReadonlySet<string> = new Set(
  `tk ml ga cf gq pw xyz top icu club online site website space live click link work buzz rest fit surf monster cyou cfd sbs
  bond quest skin beauty hair makeup mom lol vip win bid loan men stream download date racing review trade party science
  cricket accountant faith webcam gdn kim ren wang ltd support help zip mov life world today rocks ooo autos boats
  homes yachts host press fun uno store gift gifts promo market exchange sale cash fund asia pro com.ru net.ru org.ru pp.ru pp.ua
  com.se ru.com co.com us.com ga.com sa.com za.com`.split(/\s+/),
);

/** Tenants of these are mostly the brand's own: status pages, help desks, single sign-on. */
export const TENANT_SUFFIXES: ReadonlySet<string> = new Set(
  `statuspage.io zendesk.com okta.com oktapreview.com atlassian.net slack.com freshdesk.com intercom.help uservoice.com
  service-now.com salesforce.com force.com my.salesforce.com workday.com myworkdayjobs.com greenhouse.io lever.co
  auth0.com onelogin.com pagerduty.com status.io instatus.com helpscoutdocs.com readme.io gitbook.io hubspot.com
  sharepoint.com onmicrosoft.com akamaized.net edgekey.net edgesuite.net cloudfront.net fastly.net akadns.net
  trafficmanager.net azureedge.net azurefd.net discourse.group`.split(/\s+/),
);

/** Where anyone gets a name below for nothing, beside the private part of the public suffix list. */
export const HOSTING_SUFFIXES: ReadonlySet<string> = new Set(
  `blogspot.com wordpress.com tumblr.com typeform.com webflow.io wixsite.com weebly.com 000webhostapp.com epizy.com
  rf.gd 42web.io great-site.net infinityfreeapp.com kissr.com bitballoon.com neocities.org webcindario.com droppages.com
  htmlpasta.com updog.co getforge.io surge.sh glitch.me repl.co herokuapp.com netlify.app netlify.com square.site
  godaddysites.com mystrikingly.com yolasite.com ucoz.net jimdosite.com jimdofree.com site123.me duckdns.org
  no-ip.org hopto.org ddns.net zapto.org sytes.net servehttp.com myftp.org dynu.net freeddns.org mooo.com
  pages.dev workers.dev web.app firebaseapp.com vercel.app azurewebsites.net ngrok.io trycloudflare.com`.split(
    /\s+/,
  ),
);

/** What follows a brand inside a name as if it were its suffix. */
export const COMMON_SUFFIXES: ReadonlySet<string> = new Set(
  `com org net info biz io co de fr uk us eu ru cn jp in it es nl pl br ca au ch at be se no dk fi cz pt tr mx ar kr tw hk sg
  xyz online tv cc ai gov edu mobi`.split(/\s+/),
);
