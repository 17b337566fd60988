/** Where a bundle keeps what is not laid down by WACZ. */
export const WARC_NAME = 'data.warc.gz';
export const CAPTURE_PATH = 'adit/capture.json';
export const RECORDS_PATH = 'adit/records.json';
