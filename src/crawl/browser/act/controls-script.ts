/** What a control looks like to the virtual user. */
export interface Control {
  /** Index in the frame's own list: names the element to `PLACE`. */
  readonly index: number;
  readonly score: number;
  readonly tag: string;
  readonly text: string;
  readonly href: string;
  /** Resolved address where it is a link to one. */
  readonly target: string;
  readonly onclick: string;
  readonly id: string;
  readonly hasDownload: boolean;
  readonly looksLikeFile: boolean;
}

/** Words on what makes something happen, as a regular expression. In the languages that campaigns are written in. */
const PROMISING = [
  'downloads?|install(?:er)?|setup|get (?:it|the|wallet|app|started)|updat(?:e|ing)|upgrade',
  'claim|connect (?:your )?wallet|continue|proceed|next|verify|confirm|allow|enable|accept|agree|play now|open|view|start|launch|free',
  'log ?in|sign ?in|submit|unlock|restore|activate',
  'windows|android|mac ?os|linux|\\bios\\b|portable',
  'descargar|instalar|continuar|aceptar|verificar|siguiente|abrir|iniciar sesi[oó]n',
  't[eé]l[eé]charger|installer|continuer|accepter|v[eé]rifier|suivant|ouvrir|connexion',
  'herunterladen|installieren|weiter|fortfahren|akzeptieren|best[aä]tigen|[oö]ffnen|anmelden',
  'baixar|aceitar|entrar|scaricare|scarica|installa|continua|accetta|accedi|pobierz|zainstaluj|dalej|indir|y[uü]kle|devam',
  'скачать|установить|продолжить|далее|войти|принять|загрузить|завантажити|продовжити',
  '다운로드|설치|계속|확인|로그인|ダウンロード|インストール|続行|次へ|ログイン|同意',
  '下载|安装|继续|下一步|登录|同意|下載|安裝|繼續|登入|تحميل|تنزيل|متابعة|دانلود|tải (?:về|xuống)|unduh|ดาวน์โหลด',
].join('|');

const FILES =
  '\\\\.(?:exe|msi|msix|appx|apk|xapk|dmg|pkg|zip|rar|7z|iso|img|jar|scr|deb|rpm|appimage|hta|js|vbs|lnk|bat|cmd|ps1|docm?|xlsm?|pdf)(?:[?#]|$)';
const AVOIDED = 'log ?out|sign ?out|delete|unsubscribe|abmelden|d[eé]connexion|cerrar sesi[oó]n|выйти';

/** Finds and scores the controls of a frame, open shadow roots included; answers the best as JSON. */
export const COLLECT = `(() => {
  const PROMISING = new RegExp(${JSON.stringify(PROMISING)}, 'i');
  const FILES = new RegExp("${FILES}", 'i');
  const AVOIDED = new RegExp(${JSON.stringify(AVOIDED)}, 'i');
  const MAX_ELEMENTS = 20000, MOST = 25;
  const all = [];
  const walk = (root) => {
    for (const element of root.querySelectorAll('*')) {
      if (all.length >= MAX_ELEMENTS) return;
      all.push(element);
      if (element.shadowRoot) walk(element.shadowRoot);
    }
  };
  walk(document);
  const looksPressable = (element) => {
    if (!/^(div|span|img|li|svg|p|td|label|h[1-6])$/.test(element.localName)) return false;
    const parent = element.parentElement;
    return getComputedStyle(element).cursor === 'pointer' && !(parent && getComputedStyle(parent).cursor === 'pointer');
  };
  const found = [];
  for (const element of all) {
    const tag = element.localName;
    const href = element.getAttribute('href') ?? '';
    const onclick = element.getAttribute('onclick') ?? '';
    const isLink = (tag === 'a' || tag === 'area') && href !== '';
    const isButton = tag === 'button' || tag === 'summary' || element.getAttribute('role') === 'button' ||
      (tag === 'input' && /^(submit|button|image)$/.test(element.type));
    const hasDownload = element.hasAttribute('download');
    const isObvious = isLink || isButton || onclick !== '' || hasDownload;
    if (!isObvious && !looksPressable(element)) continue;
    if (element.disabled) continue;
    const box = element.getBoundingClientRect();
    if (box.width < 4 || box.height < 4) continue;
    const style = getComputedStyle(element);
    if (style.visibility === 'hidden' || style.display === 'none' || style.pointerEvents === 'none') continue;
    const alts = [...element.querySelectorAll('img')].slice(0, 3).map((img) => img.alt);
    const text = [element.innerText ?? element.value ?? '', element.value ?? '', element.title ?? '', element.getAttribute('aria-label') ?? '', ...alts]
      .filter((part) => typeof part === 'string').join(' ').trim().replace(/\\s+/g, ' ').slice(0, 200);
    const about = [href, onclick, element.id, element.getAttribute('class') ?? '', element.getAttribute('name') ?? ''].join(' ').slice(0, 600);
    let score = 0;
    if (hasDownload) score += 6;
    const looksLikeFile = FILES.test(href);
    if (looksLikeFile || FILES.test(onclick)) score += 6;
    if (PROMISING.test(text)) score += 5;
    if (PROMISING.test(about)) score += 3;
    if (onclick !== '') score += 3;
    if (isButton) score += 2;
    if (!isObvious) score += 1;
    if (/^(#|javascript:)/.test(href)) score += 1;
    if (box.width * box.height > 8000) score += 1;
    if (AVOIDED.test(text)) score -= 20;
    if (/^(mailto|tel|sms):/i.test(href)) score -= 50;
    if (score >= 4) found.push({ element, score, tag, text, href, onclick, hasDownload, looksLikeFile });
  }
  found.sort((a, b) => b.score - a.score);
  const best = found.slice(0, MOST);
  self.aditControls = best.map(({ element }) => element);
  return JSON.stringify(best.map(({ element, ...control }, index) => ({
    ...control, index, text: control.text.slice(0, 120), href: control.href.slice(0, 2000), onclick: control.onclick.slice(0, 500),
    target: typeof element.href === 'string' ? element.href.slice(0, 4000) : '', id: element.id.slice(0, 100),
  })));
})()`;

/** Brings the control into view; answers a random point on it in the frame's own viewport, or null. */
export function placeOf(index: number): string {
  return `(() => {
    const element = self.aditControls?.[${index}];
    if (!element?.isConnected) return null;
    element.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
    const box = element.getBoundingClientRect();
    if (box.width < 1 || box.height < 1) return null;
    const part = () => 0.35 + Math.random() * 0.3;
    return JSON.stringify({ x: box.x + box.width * part(), y: box.y + box.height * part() });
  })()`;
}
