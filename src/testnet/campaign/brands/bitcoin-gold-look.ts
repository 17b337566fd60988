/** Style sheet of the genuine site, which the fakes load as well. */
export const STYLE = `* { box-sizing: border-box; }
body { margin: 0; color: #2b3044; background: #fff; font-size: 16px; line-height: 1.6; }
.container { width: 1080px; max-width: 92%; margin: 0 auto; }
img { max-width: 100%; }
h1, h2, h3 { line-height: 1.2; margin: 0 0 .5em; }
h2 { font-size: 32px; text-align: center; }

.top { position: absolute; left: 0; right: 0; z-index: 2; }
.top .container { display: flex; align-items: center; height: 84px; }
.brand { display: flex; align-items: center; color: #fff; font-weight: 700; font-size: 19px; text-decoration: none; }
.brand img { margin-right: 12px; }
.menu { margin-left: auto; }
.menu a { color: #e9ecf7; text-decoration: none; margin-left: 30px; font-size: 15px; }
.menu a:hover { color: #ffd76a; }
.menu-toggle { display: none; }

.hero { color: #fff; text-align: center; padding: 130px 0 90px; background: #10162a url(../img/network.png) center / cover no-repeat; }
.hero h1 { font-size: 60px; letter-spacing: 1px; margin-top: 18px; }
.hero h1 span { color: #ffd061; }
.hero .lead { font-size: 20px; color: #cdd4ec; max-width: 620px; margin: 0 auto 34px; }
.button { display: inline-block; padding: 15px 42px; border-radius: 30px; font-weight: 700; font-size: 16px; text-decoration: none; cursor: pointer; border: 2px solid #ffd061; }
.button-line { color: #ffd061; background: rgba(16, 22, 42, .6); }
.button-line:hover { color: #10162a; background: #ffd061; }
.button-full { color: #1c2034; background: linear-gradient(135deg, #ffdc7d, #e0a021); }

.features { padding: 84px 0; }
.cards { display: flex; margin: 44px -14px 0; }
.card { flex: 1; margin: 0 14px; padding: 30px 24px; border-radius: 10px; box-shadow: 0 8px 30px rgba(20, 26, 50, .1); text-align: center; }
.card img { border-radius: 50%; margin-bottom: 14px; }
.card p { font-size: 15px; color: #5b627d; margin: 0; }

.figures { background: linear-gradient(135deg, #f5c451, #c98910); color: #fff; padding: 46px 0; }
.figures .container { display: flex; text-align: center; }
.figures .container > div { flex: 1; }
.figures b { display: block; font-size: 38px; }
.figures span { font-size: 14px; }

.wallets { padding: 84px 0; background: #f6f7fb; }
.wallets .sub { text-align: center; color: #5b627d; }
.wallets table { width: 760px; max-width: 100%; margin: 30px auto 0; border-collapse: collapse; background: #fff; }
.wallets th, .wallets td { padding: 14px 22px; border-bottom: 1px solid #e6e8f0; text-align: left; }
.wallets a { color: #b9790a; }
.map { background: #10162a; padding: 40px 0; text-align: center; }
.map img { border-radius: 8px; }

.page { padding: 0 0 80px; }
.page::before { content: ''; display: block; height: 84px; background: #10162a; margin-bottom: 50px; }
.roadmap { list-style: none; padding: 0 0 0 26px; border-left: 3px solid #e0a021; }
.roadmap li { margin-bottom: 28px; }
.roadmap b { color: #b9790a; }

footer { background: #0b0f1d; color: #8f97b3; padding: 26px 0; font-size: 14px; }
footer .container { display: flex; justify-content: space-between; }
footer a { color: #ffd061; }

@media (max-width: 760px) {
  .menu { display: none; }
  .menu.open { display: block; }
  .menu-toggle { display: block; margin-left: auto; background: none; border: 0; color: #fff; font-size: 26px; }
  .cards, .figures .container { display: block; }
  .card { margin-bottom: 20px; }
  .hero h1 { font-size: 40px; }
}
`;

/** Script of the genuine site: the figures count up when they come into view. */
export const SCRIPT = `$(function () {
  function countUp(element) {
    var goal = Number(element.getAttribute('data-count')), step = 0;
    var timer = setInterval(function () {
      step++;
      element.textContent = Math.round(goal * step / 20).toLocaleString('en-US');
      if (step === 20) clearInterval(timer);
    }, 30);
  }
  function isSeen(element) {
    var box = element.getBoundingClientRect();
    return box.top < window.innerHeight && box.bottom > 0;
  }
  var waiting = Array.prototype.slice.call(document.querySelectorAll('[data-count]'));
  function look() {
    waiting = waiting.filter(function (element) {
      if (!isSeen(element)) return true;
      countUp(element);
      return false;
    });
  }
  window.addEventListener('scroll', look);
  look();
});
`;
