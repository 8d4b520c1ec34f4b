// The volume in three dimensions: surface, fog or maximum, turned by mouse, finger and keys, cut by planes.
import { shaped, table } from './colors';
import { button, choice, density, el, on, press, slider } from './dom';
import { camera, dot, type Vector } from './geometry';
import { bindColors, bindVolume, drawGl, sharedGl, type Gl } from './gl';
import { otsu } from './histogram';
import { arrows, pressKey } from './keys';
import type { Model } from './model';
import { axisColors, stroke, trace, write, type Context } from './overlay';
import { makePanel, type Panel } from './panel';
import { clamp } from './plane';
import { listen } from './pointer';
import { quantity } from './text';

const excuse = ['The 3D view needs WebGL2,', 'which this browser does not offer here.', 'Slices work without it.'];

export function makeVolumePanel(m: Model, enlarge: (p: Panel) => void): Panel {
  const axes = [2, 1, 0], lengths = axes.map(i => m.lengths[i] * (m.payload.axes[i].step || 1)), longest = Math.max(...lengths);
  const phys = lengths.map(e => e / longest) as Vector, diagonal = Math.hypot(...phys), first = m.fields[0];
  // Lower and upper end of what is left of x, y and z, 0 to 1.
  const clip = [[0, 1], [0, 1], [0, 1]], output = el('output');
  let yaw: number, pitch: number, nearness: number, before: number[], mode = +(m.payload.mode ?? 1), isTurning = false, iso = otsu(m.valueCounts()), fog = .35;

  const fitAll = () => {
    [yaw, pitch, nearness] = [-.55, .42, 1];
    m.announce();
  };
  fitAll();
  const turn = (across: number, down: number) => {
    yaw -= across;
    pitch = clamp(pitch + down, -Math.PI / 2, Math.PI / 2);
    m.announce();
  };
  const enlargeBy = (factor: number) => {
    nearness = clamp(nearness * factor, .4, 8);
    m.announce();
  };
  // Half of the visible width and height, in units of the longest edge.
  const spans = () => {
    const half = Math.min(.9, .62 * diagonal) / nearness, ratio = p.wide / p.tall;
    return [half * Math.max(1, ratio), half * Math.max(1, 1 / ratio)];
  };

  const setUp = (page: Gl) => {
    const { gl, uniforms: u } = page, f = m.fields[m.topPart()], { low, high } = f.part, eye = camera(yaw, pitch), colors = table(m.colorMap);
    bindVolume(page, f.codes as Uint8Array, f.extents);
    bindColors(page, Uint8Array.from({ length: 1024 }, (_, i) => [...colors[Math.round(shaped((i >> 2) / 255, m.curve) * 255)], 255][i % 4]));
    // Values as the texture has them: codes 1 to 255 of 255.
    const code = (v: number) => (1 + 254 * (v - low) / (high - low || 1)) / 255;
    gl.uniformMatrix3fv(u.eye, false, [...eye.right, ...eye.up, ...eye.toward]);
    gl.uniform3fv(u.phys, phys);
    gl.uniform3fv(u.dim, axes.map(i => f.extents[i]));
    gl.uniform3fv(u.lo, clip.map(c => c[0]));
    gl.uniform3fv(u.hi, clip.map(c => c[1]));
    gl.uniform2fv(u.win, m.levels.map(code));
    gl.uniform2fv(u.span, spans());
    gl.uniform1f(u.iso, code(iso));
    gl.uniform1f(u.density, fog);
    gl.uniform1i(u.mode, mode);
    gl.uniform1i(u.steps, Math.ceil(Math.hypot(...f.extents) * (isTurning ? .8 : mode === 1 ? 1.6 : 1.2)));
  };

  // Edges of the volume, and the three axes with their names in a corner.
  const drawBox = (g: Context) => {
    const eye = camera(yaw, pitch), [sx, sy] = spans(), edges: number[] = [];
    const corner = (i: number) => {
      const q = phys.map((e, k) => ((i >> k & 1) - .5) * e) as Vector;
      edges.push(p.wide / 2 * (1 + dot(q, eye.right) / sx), p.tall / 2 * (1 - dot(q, eye.up) / sy));
    };
    for (let i = 0; i < 8; i++) {
      for (const bit of [1, 2, 4]) {
        if (i & bit) continue;
        corner(i);
        corner(i | bit);
        edges.push(NaN, 0);
      }
    }
    g.globalAlpha = .28;
    g.strokeStyle = '#fff';
    g.lineWidth = 1;
    trace(g, edges);
    g.globalAlpha = 1;
    if (m.canCompare) write(g, m.payload.parts[m.topPart()].name, 10, 18);
    axes.forEach((axis, k) => {
      const x = 34, y = p.tall - 34, dx = eye.right[k] * 20, dy = -eye.up[k] * 20;
      stroke(g, axisColors[axis], [x, y, x + dx, y + dy], 2);
      write(g, m.payload.axes[axis].name, x + dx * 1.45, y + dy * 1.45 + 4, 'center', axisColors[axis]);
    });
  };

  const p = makePanel(m, '3D', 'Arrows turn it, plus and minus zoom.', {
    fitAll,
    takesDrags: () => nearness !== 1,
    paintAll() {
      const g = p.face.getContext('2d')!, { width, height } = p.face, k = density();
      let page: Gl | null = null;
      try {
        page = first.topCode === 255 ? sharedGl() : null;
      } catch (e) {
        console.warn('Beamline viewer:', e);
      }
      g.resetTransform();
      if (page) {
        // Half as many pixels each way while it turns; all of them when it stands.
        const [w, h] = [width, height].map(v => Math.ceil(v * (isTurning ? .5 : 1)));
        setUp(page);
        g.drawImage(drawGl(page, w, h), 0, 0, width, height);
      } else {
        g.fillStyle = '#161a20';
        g.fillRect(0, 0, width, height);
        p.face.setAttribute('aria-label', excuse.join(' '));
      }
      g.scale(k, k);
      if (page) drawBox(g);
      else excuse.forEach((line, i) => write(g, line, p.wide / 2, p.tall / 2 + 20 * i - 20, 'center'));
    },
    describeState() {
      threshold.hidden = mode !== 1;
      strength.hidden = mode !== 2;
      const text = quantity(iso, m.unitShown(), 3);
      output.textContent = mode === 1 ? text : '';
      threshold.setAttribute('aria-valuetext', text);
    },
    pressed: (key, far) => pressKey(key, {
      ...arrows((x, y) => turn(x * (far ? .03 : .17), y * (far ? .03 : .17))), '+': () => enlargeBy(1.15), '-': () => enlargeBy(1 / 1.15), 0: fitAll,
    }),
  }, enlarge);

  const threshold = slider('Threshold of the surface', first.part.low, first.part.high, iso, 'any', v => {
    iso = v;
    m.announce();
  });
  const strength = slider('Density of the fog', -3, 0, Math.log10(fog), 'any', v => {
    fog = 10 ** v;
    m.announce();
  });
  const [label] = choice('Show as', [['1', 'Surface'], ['2', 'Volume'], ['0', 'Maximum']], String(mode), v => {
    mode = +v;
    m.announce();
  });
  label.classList.add('q');
  const planes = el('div', { class: 'c', role: 'group', 'aria-label': 'Cut planes', hidden: true });
  axes.forEach((axis, k) => {
    const { name } = m.payload.axes[axis];
    planes.append(el('span', { style: `color:${axisColors[axis]}` }, name), ...[0, 1].map(e => slider(`${e ? 'End' : 'Begin'} of ${name}`, 0, 1, e, 'any', v => {
      clip[k][e] = e ? Math.max(v, clip[k][0] + .004) : Math.min(v, clip[k][1] - .004);
      m.announce();
    })));
  });
  const cut = button('Cut', 'Cut planes', () => press(cut, !(planes.hidden = !planes.hidden)), true);
  p.controls.append(label, threshold, strength, output, cut);
  p.outer.insertBefore(planes, p.face);

  listen(p.face, {
    begun() {
      isTurning = true;
      before = [yaw, pitch];
    },
    dragged: (_x, _y, dx, dy) => turn(dx * .01, dy * .01),
    ended(isCancelled) {
      if (isCancelled && isTurning) [yaw, pitch] = before;
      isTurning = false;
      m.announce();
    },
    pinched(_x, _y, factor, dx, dy) {
      enlargeBy(factor);
      turn(dx * .01, dy * .01);
    },
    wheeled: (_x, _y, direction) => enlargeBy(direction > 0 ? 1 / 1.15 : 1.15),
  });
  on(p.face, 'dblclick', fitAll);
  return p;
}
