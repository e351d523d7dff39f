// SPDX-License-Identifier: LGPL-2.1-or-later
// What mp4box.js reads in a file, as JSON: a parser that shares nothing with
// GStreamer, ffmpeg or MediaInfo.
//
// usage: node mp4box.mjs FOLDER-WITH-node_modules FILE
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const [folder, path] = process.argv.slice(2);
const { createFile, Log } = createRequire(resolve(folder, 'x.js'))('mp4box');

const troubles = [];
Log.setLogLevel(Log.LOG_LEVEL_WARNING ?? 2);
for (const level of ['log', 'warn', 'error']) {
  console[level] = (...words) => troubles.push(words.join(' '));
}

const file = createFile();
file.onError = (module, message) => troubles.push(`${module}: ${message}`);
let info = null;
file.onReady = (ready) => { info = ready; };
const data = readFileSync(path);
const bytes = data.buffer.slice(data.byteOffset,
  data.byteOffset + data.byteLength);
bytes.fileStart = 0;
file.appendBuffer(bytes);
file.flush();

const tracks = (info?.tracks ?? []).map((track) => {
  const trak = file.getTrackById(track.id);
  const entry = trak.mdia.minf.stbl.stsd.entries[0];
  return {
    codec: track.codec,
    samples: track.nb_samples,
    // Units of the track, and of the movie.
    duration: track.samples_duration / track.timescale,
    shown: track.movie_duration / track.movie_timescale,
    edits: (track.edits ?? []).map((edit) => ({
      duration: edit.segment_duration / track.movie_timescale,
      time: edit.media_time,
    })),
    boxes: (entry.boxes ?? []).map((box) => box.type),
  };
});
process.stdout.write(JSON.stringify({
  troubles,
  fragmented: info?.isFragmented ?? null,
  progressive: info?.isProgressive ?? null,
  brands: info?.brands ?? [],
  tracks,
}));
