#version 300 es
precision highp float;
precision highp sampler3D;
in vec2 uv;
out vec4 o;
uniform sampler3D vol;
uniform sampler2D lut;
// Columns: right, up, toward the eye. Extents of the volume; the box that is not cut away, 0 to 1.
uniform mat3 eye;
uniform vec3 phys, dim, lo, hi;
uniform vec2 win, span;
uniform float iso, density;
uniform int mode, steps;
float val(vec3 p) { return texture(vol, p).r; }
float shade(float v) { return clamp((v - win.x) / (win.y - win.x), 0., 1.); }
vec3 color(float v) { return texture(lut, vec2(shade(v) * (255. / 256.) + .5 / 256., .5)).rgb; }
vec3 slope(vec3 p) {
  vec3 h = 1. / dim, x = vec3(h.x, 0, 0), y = vec3(0, h.y, 0), z = vec3(0, 0, h.z);
  return vec3(val(p + x) - val(p - x), val(p + y) - val(p - y), val(p + z) - val(p - z)) * dim / phys;
}
float light(vec3 n) {
  vec3 l = normalize(eye * vec3(-.5, .6, .9));
  float d = max(dot(n, l), 0.), s = pow(max(dot(n, normalize(l + eye[2])), 0.), 24.);
  return .28 + .68 * d + .22 * s;
}
void main() {
  vec3 ro = eye * vec3((uv - .5) * 2. * span, 4.), rd = -eye[2] + 1e-7;
  vec3 a = ((lo - .5) * phys - ro) / rd, b = ((hi - .5) * phys - ro) / rd, t0 = min(a, b), t1 = max(a, b);
  float n = max(max(t0.x, t0.y), t0.z), f = min(min(t1.x, t1.y), t1.z);
  vec3 back = mix(vec3(.105, .115, .14), vec3(.055, .06, .075), length(uv - .5) * 1.3);
  o = vec4(back, 1);
  if (n >= f) return;
  float size = length(phys), dt = size / float(steps), m = -1.;
  vec4 acc = vec4(0);
  // A start that differs from pixel to pixel turns bands into fine grain.
  for (float t = n + (mode == 1 ? 1e-4 : fract(53. * fract(dot(gl_FragCoord.xy, vec2(.0671, .00584)))) * dt); t < f; t += dt) {
    vec3 p = (ro + rd * t) / phys + .5, g;
    float v = val(p);
    if (mode == 0) {
      m = max(m, v);
    } else if (mode == 2) {
      float w = shade(v);
      if (w > 0.) {
        float al = 1. - pow(1. - min(w * w * density, .99), dt * 218. / size);
        g = slope(p);
        float k = length(g);
        acc += (1. - acc.a) * vec4(color(v) * mix(1., light(-g / (k + 1e-6)), smoothstep(.05, 2., k)) * al, al);
        if (acc.a > .98) break;
      }
    } else if (v >= iso) {
      // A ray that begins inside shows the cut face with its values.
      if (t < n + 1.5e-4) { o = vec4(color(v) * .92, 1); return; }
      float l = t - dt, h = t;
      for (int i = 0; i < 6; i++) {
        float mid = .5 * (l + h);
        if (val((ro + rd * mid) / phys + .5) >= iso) h = mid; else l = mid;
      }
      p = (ro + rd * h) / phys + .5;
      g = -normalize(slope(p) + 1e-9);
      o = vec4(vec3(.93, .87, .76) * light(g) * (1. - .35 * (h - n) / size), 1);
      return;
    }
  }
  if (mode == 0) o = vec4(color(m), 1);
  if (mode == 2) o = vec4(acc.rgb + (1. - acc.a) * back, 1);
}
