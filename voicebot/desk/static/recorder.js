// The microphone as plain samples. Nothing leaves the page from here.

const CAPTURE = new URL("capture.js", import.meta.url);

/** Opens the microphone; throws an Error whose message is the key of the text that says why not. */
export async function openMicrophone(onSound) {
  if (!navigator.mediaDevices?.getUserMedia) throw new Error(isSecureContext ? "noMicrophone" : "insecure");
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } }).catch((error) => {
    throw new Error({ NotAllowedError: "noPermission", NotFoundError: "noMicrophone" }[error.name] ?? "microphoneFailed");
  });
  const context = new AudioContext();
  try {
    await context.audioWorklet.addModule(CAPTURE);
    return record(context, stream, onSound);
  } catch {
    close(context, stream);
    throw new Error("microphoneFailed");
  }
}

function record(context, stream, onSound) {
  const pieces = [];
  let seconds = 0;
  const node = new AudioWorkletNode(context, "capture", { numberOfOutputs: 0, channelCount: 1, channelCountMode: "explicit" });
  node.port.onmessage = ({ data }) => {
    pieces.push(data);
    seconds += data.length / context.sampleRate;
    onSound(loudness(data), seconds);
  };
  context.createMediaStreamSource(stream).connect(node);
  context.resume();
  return {
    stop() {
      close(context, stream);
      return { samples: whole(pieces), rate: context.sampleRate };
    },
  };
}

function close(context, stream) {
  for (const track of stream.getTracks()) track.stop();
  context.close();
}

/** 0 for silence, 1 for very loud. */
function loudness(piece) {
  const power = piece.reduce((sum, value) => sum + value * value, 0) / piece.length;
  return Math.min(1, Math.max(0, 1 + Math.log10(power + 1e-6) / 5));
}

/** 16-bit samples, little-endian as every browser's machine is. */
function whole(pieces) {
  const samples = new Int16Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    for (const value of piece) samples[at++] = Math.max(-1, Math.min(1, value)) * 32767;
  }
  return samples;
}
