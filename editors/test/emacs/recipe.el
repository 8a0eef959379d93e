;;; recipe.el --- From save to diagnostic in Emacs  -*- lexical-binding: t -*-
;; SPDX-License-Identifier: GPL-2.0-only

;;; Commentary:

;; Run by run.sh in batch, after a recipe of docs/editors.md, with the program as the only argument.
;; Prints a line a step and ends with the number of failures as exit status.

;;; Code:

(require 'flymake)
(require 'seq)
(require 'subr-x)

(defvar recipe-passed 0)
(defvar recipe-failed 0)

(defmacro recipe-step (name &rest body)
  "Run BODY as the step that NAME describes."
  (declare (indent 1))
  `(condition-case problem
       (progn ,@body
              (setq recipe-passed (1+ recipe-passed))
              (princ (format "ok   - %s\n" ,name)))
     (error (setq recipe-failed (1+ recipe-failed))
            (princ (format "FAIL - %s\n       %s\n" ,name (error-message-string problem))))))

(defun recipe-wait (what probe)
  "Wait until PROBE answers something, and return that; WHAT is for the error."
  (let ((end (+ (float-time) 60)) found)
    (while (not (or (setq found (funcall probe)) (> (float-time) end)))
      ;; Batch mode has no command loop, from whose hooks the clients do much of their work.
      (run-hooks 'post-command-hook)
      (accept-process-output nil 0.05))
    (or found (error "Gave up waiting: %s" what))))

(defun recipe-expect (text part)
  "Fail unless TEXT has PART in it."
  (unless (string-match-p (regexp-quote part) text)
    (error "Lacks %S: %s" part text)))

(defun recipe-line-of (text)
  "Go to the first occurrence of TEXT, and return its line."
  (goto-char (point-min))
  (search-forward text)
  (goto-char (match-beginning 0))
  (line-number-at-pos))

(defun recipe-ask-hover ()
  "What the server answers to a hover at point, as text."
  (format "%S" (if (bound-and-true-p lsp-mode)
                   (lsp-request "textDocument/hover" (lsp--text-document-position-params))
                 (jsonrpc-request (eglot-current-server) :textDocument/hover (eglot--TextDocumentPositionParams)))))

(let ((file (car command-line-args-left)) leak)
  (setq command-line-args-left nil)
  (find-file file)

  (recipe-step "opening a BPF program shows the leak at its return"
    (let* ((found (recipe-wait "a diagnostic" #'flymake-diagnostics))
           (first (car found)))
      (setq leak (recipe-line-of "return bpf_redirect("))
      (unless (= (length found) 1)
        (error "%d diagnostics" (length found)))
      (unless (= (line-number-at-pos (flymake-diagnostic-beg first)) leak)
        (error "In line %d" (line-number-at-pos (flymake-diagnostic-beg first))))
      (recipe-expect (flymake-diagnostic-text first) "Unreleased resource: `sk`")
      ;; lsp-mode leaves the code to other packages.
      (unless (bound-and-true-p lsp-mode)
        (recipe-expect (flymake-diagnostic-text first) "resource-lifetime/unreleased-reference"))))

  (recipe-step "the hover on the acquiring call tells the life of the reference"
    (recipe-line-of "bpf_skc_lookup_tcp(")
    (recipe-expect (recipe-ask-hover) "not released here"))

  (recipe-step "saving a fix clears the diagnostic, undoing it brings it back"
    (recipe-line-of "return bpf_redirect(")
    (insert "{ bpf_sk_release(sk); ")
    (end-of-line)
    (insert " }")
    (unless (flymake-diagnostics)
      (error "Cleared before saving"))
    (save-buffer)
    (recipe-wait "no diagnostics" (lambda () (null (flymake-diagnostics))))
    (recipe-line-of "{ bpf_sk_release(sk); ")
    (delete-region (point) (match-end 0))
    (end-of-line)
    (delete-char -2)
    (save-buffer)
    (recipe-wait "the diagnostic" #'flymake-diagnostics))

  (recipe-step "a C file that is not BPF shows nothing"
    (find-file (expand-file-name "plain.c" (file-name-directory file)))
    (accept-process-output nil 0.5)
    (when (and flymake-mode (flymake-diagnostics))
      (error "%S" (flymake-diagnostics)))))

(princ (format "%d passed, %d failed\n" recipe-passed recipe-failed))
(kill-emacs recipe-failed)

;;; recipe.el ends here
