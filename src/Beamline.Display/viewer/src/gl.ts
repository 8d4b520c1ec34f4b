// One WebGL2 context for all viewers of a page. Browsers take contexts away from pages that have more than 16; each viewer
// draws here and copies the picture to a canvas of its own, so none is ever lost, and a lost context is only made again.
import { forgetOldest } from './model';
import { version } from './payload';
import fragment from './ray.frag.glsl';
import vertex from './ray.vert.glsl';

// Scripts of two versions on a page do not share shaders.
const key = Symbol.for(`beamline.viewer.gl${version}`);

/** The shader's inputs by name. */
export type Uniforms = Record<string, WebGLUniformLocation | null>;

export interface Gl {
  gl: WebGL2RenderingContext;
  uniforms: Uniforms;
  textures: Map<object, WebGLTexture>;
}

/** The page's context; null when the browser has none to give. */
export function sharedGl(): Gl | null {
  const page = globalThis as any, old = page[key] as Gl | undefined;
  if (old && !old.gl.isContextLost()) return old;
  const gl = document.createElement('canvas').getContext('webgl2', { antialias: false });
  return gl && (page[key] = { gl, uniforms: program(gl), textures: new Map() });
}

/** Brings a volume to the graphics card if it is not there; a few stay for those that turn next. */
export function bindVolume({ gl, textures }: Gl, codes: Uint8Array, extents: number[]): void {
  const known = textures.get(codes), texture = known ?? gl.createTexture()!;
  gl.activeTexture(gl.TEXTURE0);
  gl.bindTexture(gl.TEXTURE_3D, texture);
  if (!known) {
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.texImage3D(gl.TEXTURE_3D, 0, gl.R8, extents[2], extents[1], extents[0], 0, gl.RED, gl.UNSIGNED_BYTE, codes);
    settle(gl, gl.TEXTURE_3D);
  }
  textures.delete(codes);
  textures.set(codes, texture);
  gl.deleteTexture(forgetOldest(textures, 4) ?? null);
}

/** 256 colors, RGBA. */
export function bindColors({ gl }: Gl, rgba: Uint8Array): void {
  gl.activeTexture(gl.TEXTURE1);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, 256, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, rgba);
}

/** Draws into the context's canvas, which has this size afterwards. */
export function drawGl({ gl }: Gl, width: number, height: number): HTMLCanvasElement {
  const face = gl.canvas as HTMLCanvasElement;
  if (face.width !== width) face.width = width;
  if (face.height !== height) face.height = height;
  gl.viewport(0, 0, width, height);
  gl.drawArrays(gl.TRIANGLES, 0, 3);
  return face;
}

// Straight lines between voxels and colors; nothing beyond the edges.
function settle(gl: WebGL2RenderingContext, target: number): void {
  for (const p of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(target, p, gl.LINEAR);
  for (const p of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T, gl.TEXTURE_WRAP_R]) gl.texParameteri(target, p, gl.CLAMP_TO_EDGE);
}

function program(gl: WebGL2RenderingContext): Uniforms {
  const p = gl.createProgram()!, uniforms: Uniforms = {};
  [vertex, fragment].forEach((source, i) => {
    const s = gl.createShader(i ? gl.FRAGMENT_SHADER : gl.VERTEX_SHADER)!;
    gl.shaderSource(s, source);
    gl.compileShader(s);
    gl.attachShader(p, s);
  });
  gl.linkProgram(p);
  if (!gl.getProgramParameter(p, gl.LINK_STATUS)) throw Error(`shader: ${gl.getProgramInfoLog(p)}`);
  gl.useProgram(p);
  for (let i = gl.getProgramParameter(p, gl.ACTIVE_UNIFORMS); i--;) {
    const { name } = gl.getActiveUniform(p, i)!;
    uniforms[name] = gl.getUniformLocation(p, name);
  }
  gl.uniform1i(uniforms.lut, 1);
  // One color table for all.
  gl.activeTexture(gl.TEXTURE1);
  gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
  settle(gl, gl.TEXTURE_2D);
  return uniforms;
}
