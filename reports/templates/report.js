// What a page does beyond being read; without it everything is there, but for the player.
(() => {
  'use strict';

  /** A link into a closed part opens it, also where the browser does not. */
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const closed = [];
    for (let part = target?.closest('details'); part; part = part.parentElement?.closest('details')) closed.push(part);
    for (const part of closed) part.open = true;
    if (closed.length > 0) target.scrollIntoView({ block: 'center' });
  };
  addEventListener('hashchange', reveal);
  reveal();

  /** All that is folded is printed, and folded again. */
  let unfolded = [];
  addEventListener('beforeprint', () => {
    unfolded = [...document.querySelectorAll('details:not([open])')];
    for (const part of unfolded) part.open = true;
  });
  addEventListener('afterprint', () => {
    for (const part of unfolded) part.open = false;
  });

  const viewer = document.getElementById('viewer');
  const canvas = viewer.querySelector('.canvas');
  const percent = viewer.querySelector('output');
  const step = 1.25;
  let picture = null;
  let scale = 1;

  const resize = (wanted) => {
    scale = Math.min(8, Math.max(0.1, wanted));
    const width = Number(picture.getAttribute('width'));
    picture.style.width = `${width * scale}px`;
    picture.style.height = 'auto';
    percent.textContent = `${Math.round(scale * 100)}%`;
  };
  const fit = () => {
    const style = getComputedStyle(canvas);
    const room = {
      width: canvas.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight),
      height: canvas.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom),
    };
    resize(Math.min(room.width / picture.getAttribute('width'), room.height / picture.getAttribute('height')));
  };
  const actions = {
    in: () => resize(scale * step),
    out: () => resize(scale / step),
    fit,
    close: () => viewer.close(),
  };
  const keys = { '+': actions.in, '=': actions.in, '-': actions.out, 0: fit };

  for (const link of document.querySelectorAll('a.zoom')) {
    link.addEventListener('click', (event) => {
      event.preventDefault();
      picture = link.querySelector('img').cloneNode();
      canvas.replaceChildren(picture);
      document.getElementById('viewer-title').textContent = picture.alt;
      viewer.showModal();
      resize(1);
      canvas.focus();
    });
  }
  viewer.addEventListener('click', (event) => {
    const name = event.target.closest('[data-zoom]')?.dataset.zoom;
    if (name !== undefined) actions[name]();
    else if (event.target === viewer) viewer.close();
  });
  viewer.addEventListener('keydown', (event) => {
    const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  });

  const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;

  const startPlayer = (box) => {
    const data = JSON.parse(document.getElementById(box.dataset.recording).textContent);
    const [button, position, time] = ['button', 'input', 'output'].map((name) => box.querySelector(name));
    box.hidden = false;
    const player = AsciinemaPlayer.create({ data }, box.querySelector('.screen'), {
      controls: false, // ours speak the report's language
      fit: 'width',
      idleTimeLimit: 2,
      poster: 'npt:0:0.1',
      preload: true,
      terminalFontFamily: getComputedStyle(document.documentElement).getPropertyValue('--mono'),
      theme: 'report',
    });
    let playing = false;
    const show = () => {
      const [now, whole] = [player.getCurrentTime(), player.getDuration() ?? 0];
      time.textContent = `${clock(now)} / ${clock(whole)}`;
      if (whole > 0) position.value = String((100 * now) / whole);
    };
    const turn = (on) => {
      playing = on;
      button.textContent = on ? button.dataset.pause : button.dataset.play;
      show();
    };
    player.addEventListener('playing', () => turn(true));
    player.addEventListener('pause', () => turn(false));
    player.addEventListener('ended', () => turn(false));
    setInterval(() => playing && show(), 250);
    button.addEventListener('click', () => (playing ? player.pause() : player.play()));
    position.addEventListener('input', () => player.seek(`${position.value}%`).then(show));
    // Its help is in English only, and tells of keys for what our controls do.
    box.addEventListener('keydown', (event) => event.key === '?' && event.stopPropagation(), true);
  };
  for (const box of document.querySelectorAll('.player')) startPlayer(box);

  /** The part that is being read, in the contents. */
  const links = new Map(
    [...document.querySelectorAll('.contents a')].map((link) => [link.getAttribute('href').slice(1), link]),
  );
  const headings = [...links.keys()].map((id) => document.getElementById(id));
  const follow = () => {
    const above = headings.filter((heading) => heading.getBoundingClientRect().top < innerHeight / 3);
    const current = above.at(-1)?.id;
    for (const [id, link] of links) {
      if (id === current) link.setAttribute('aria-current', 'true');
      else link.removeAttribute('aria-current');
    }
  };
  addEventListener('scroll', follow, { passive: true });
  follow();
})();
