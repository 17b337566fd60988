/**
 * Runs in our own world of every frame, from before its first script on: reports each element that names a URL, once
 * for each set of values that it had, also when it is removed again. The source text of a function of (report, most).
 */
export const OBSERVER = `(report, most) => {
  const NAMES = ['src', 'href', 'data', 'poster', 'action', 'formaction', 'background', 'xlink:href', 'ping',
    'srcset', 'imagesrcset', 'style', 'content', 'data-src', 'data-href', 'data-url'];
  const BESIDES = ['rel', 'as', 'type', 'http-equiv', 'download', 'target', 'method', 'property', 'name'];
  const MAX_VALUE = 4000, MAX_CSS = 20000, BATCH_MS = 50;
  const seen = new Set(), observed = new WeakSet();
  let batch = [], timer = 0, count = 0;
  const flush = () => {
    timer = 0;
    if (batch.length > 0) report(JSON.stringify(batch));
    batch = [];
  };
  const push = (element, how) => {
    if (count > most) return;
    const attributes = {};
    let names = false;
    for (const name of NAMES) {
      const value = element.getAttribute(name);
      if (value === null || (name === 'style' && !value.includes('url('))) continue;
      if (name === 'content' && (element.getAttribute('http-equiv') || '').toLowerCase() !== 'refresh') continue;
      attributes[name] = value.slice(0, MAX_VALUE);
      names = true;
    }
    let css;
    if (element.localName === 'style') {
      const text = element.textContent;
      if (text.includes('url(') || text.includes('@import')) css = text.slice(0, MAX_CSS);
    }
    if (!names && css === undefined) return;
    for (const name of BESIDES) {
      const value = element.getAttribute(name);
      if (value !== null) attributes[name] = value.slice(0, 200);
    }
    const key = JSON.stringify([element.localName, attributes, css]);
    if (seen.has(key)) return;
    seen.add(key);
    count++;
    batch.push({ baseUrl: element.baseURI, element: element.localName, attributes, css, how });
    timer ||= setTimeout(flush, BATCH_MS);
  };
  const walk = (root, how, done = new Set()) => {
    const acceptNode = (node) => (done.has(node) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
    const all = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT, { acceptNode });
    for (let node = done.has(root) ? null : root; node; node = all.nextNode()) {
      if (node.nodeType !== 1) continue;
      done.add(node);
      push(node, how);
      if (node.shadowRoot) observe(node.shadowRoot, how);
    }
  };
  const whenSeen = () => (document.readyState === 'loading' ? 'parse' : 'script');
  const observe = (root, how) => {
    if (observed.has(root)) return;
    observed.add(root);
    new MutationObserver((records) => {
      // A tree built from the outside in is reported once for each of its elements.
      const done = new Set();
      for (const { type, target, addedNodes } of records) {
        if (type === 'attributes') push(target, 'attribute');
        else for (const node of addedNodes) if (node.nodeType === 1) walk(node, whenSeen(), done);
      }
    }).observe(root, { subtree: true, childList: true, attributes: true, attributeFilter: NAMES });
    walk(root, how);
  };
  observe(document, 'initial');
  // Shadow roots come without a mutation, and the text of a style may come after its element.
  self.aditSweep = () => { walk(document, 'script'); flush(); };
  addEventListener('load', self.aditSweep);
}`;
