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

(defvar recipe-patience (string-to-number (getenv "BPF_LSP_PATIENCE"))
  "How many seconds a step may wait.")
(setq lsp-response-timeout recipe-patience
      eglot-connect-timeout recipe-patience)

;; Flymake's own check of C files runs a compiler for this machine. A late report of it, after the client
;; has switched it off, is an error, and no part of the test.
(defvar recipe-foreign nil "Whether flymake's own check was run.")
(setq flymake-cc-command (lambda () (setq recipe-foreign t) '("true")))
(require 'flymake-proc nil t)
(remove-hook 'flymake-diagnostic-functions #'flymake-proc-legacy-flymake)
(defun recipe-shut-out-others ()
  "Leave flymake the client's reports alone."
  (remove-hook 'flymake-diagnostic-functions #'flymake-cc t))
(add-hook 'c-mode-hook #'recipe-shut-out-others -90)
(add-hook 'c++-mode-hook #'recipe-shut-out-others -90)

(defun recipe-wait (what probe)
  "Wait until PROBE answers something, and return that; WHAT is for the error."
  (let ((end (+ (float-time) recipe-patience)) found)
    (while (not (or (setq found (funcall probe)) (> (float-time) end)))
      ;; Batch mode has neither command loop nor display, from whose hooks the clients do much of their work.
      (run-hooks 'post-command-hook 'window-configuration-change-hook)
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
  "What the server answers to a hover at point, as text.
It knows the edits before: eglot would send them when Emacs is idle, which it never is in batch mode."
  (when (bound-and-true-p eglot--managed-mode)
    (eglot--signal-textDocument/didChange))
  (format "%S" (if (bound-and-true-p lsp-mode)
                   (lsp-request "textDocument/hover" (lsp--text-document-position-params))
                 (jsonrpc-request (eglot-current-server) :textDocument/hover (eglot--TextDocumentPositionParams)
                                  :timeout recipe-patience))))

(defun recipe-configure (settings)
  "Send the server SETTINGS."
  (if (bound-and-true-p lsp-mode)
      (lsp-notify "workspace/didChangeConfiguration" `(:settings (:bpfLsp ,settings)))
    (jsonrpc-notify (eglot-current-server) :workspace/didChangeConfiguration `(:settings (:bpfLsp ,settings)))))

(defun recipe-managed-p ()
  "Whether the buffer is with the server."
  (or (bound-and-true-p lsp-mode) (bound-and-true-p eglot--managed-mode)))

(defun recipe-hover-tells (part)
  "Whether the hover at point has PART."
  (string-match-p (regexp-quote part) (recipe-ask-hover)))

;; A command that lets the user choose takes the first of what it offers.
(setq completing-read-function
      (lambda (_prompt choices &rest _)
        (let ((first (car (all-completions "" choices))))
          (or first (error "Nothing to choose from")))))

(defun recipe-show-hover ()
  "What the client shows of a hover at point."
  (if (bound-and-true-p lsp-mode)
      (progn
        (lsp-describe-thing-at-point)
        (with-current-buffer "*lsp-help*" (buffer-string)))
    (let (shown)
      (eglot-hover-eldoc-function (lambda (text &rest _) (setq shown text)))
      (recipe-wait "a hover" (lambda () shown)))))

(defun recipe-mend ()
  "Take the quick fix at point by the client's own command."
  (if (bound-and-true-p lsp-mode)
      (lsp-execute-code-action-by-kind "quickfix")
    (let ((last-nonmenu-event ?.)) ; not by the mouse, which would open a menu
      (eglot-code-actions (point) nil "quickfix" t))))

(defun recipe-lenses ()
  "What the client shows of the lenses in the buffer."
  (mapconcat (lambda (o)
               (cond ((overlay-get o 'lsp-lens) (format "%s" (overlay-get o 'lsp--lens-contents)))
                     ((overlay-get o 'bpf-lens) (overlay-get o 'after-string))))
             (overlays-in (point-min) (1+ (point-max))) "\n"))

(defun recipe-await-lens (part)
  "Wait until the client shows a lens with PART in it."
  (recipe-wait (format "a lens: %s" part) (lambda () (string-match-p (regexp-quote part) (recipe-lenses)))))

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

  (recipe-step "the hover on a variable tells its value"
    (recipe-line-of "tcp + 1)")
    (recipe-expect (recipe-show-hover) "packet + 34"))

  (recipe-step "a lens tells that the program is rejected"
    (recipe-await-lens "rejected"))

  (recipe-step "the quick fix at the leak, once saved, clears the diagnostic and turns the lens"
    (recipe-line-of "return bpf_redirect(")
    (let ((leaks (buffer-string)))
      (recipe-mend)
      (recipe-line-of "bpf_sk_release(sk);")
      (save-buffer)
      (recipe-wait "no diagnostics" (lambda () (null (flymake-diagnostics))))
      (recipe-await-lens "accepted")
      (erase-buffer)
      (insert leaks)
      (save-buffer)
      (recipe-wait "the diagnostic" #'flymake-diagnostics)))

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

  (recipe-step "a fault in a header is shown there, and hovers answer"
    (find-file (expand-file-name "count.bpf.c" (file-name-directory file)))
    (recipe-wait "the client" #'recipe-managed-p)
    (find-file (expand-file-name "count.h" (file-name-directory file)))
    (recipe-wait "the client" #'recipe-managed-p)
    (let ((first (car (recipe-wait "a diagnostic" #'flymake-diagnostics))))
      (unless (= (line-number-at-pos (flymake-diagnostic-beg first)) (recipe-line-of "*value += 1"))
        (error "In line %d" (line-number-at-pos (flymake-diagnostic-beg first)))))
    (recipe-wait "a hover" (lambda () (recipe-hover-tells "NULL"))))

  (recipe-step "hovers in a header follow lines that are not saved"
    (goto-char (point-min))
    (forward-line 1)
    (insert "/* above */\n")
    (recipe-line-of "*value += 1")
    (recipe-wait "a hover on the moved line" (lambda () (recipe-hover-tells "NULL"))))

  (recipe-step "saving the mended header clears the diagnostic, saving the fault brings it back"
    (recipe-line-of "*value += 1")
    (insert "if (value) ")
    (save-buffer)
    (recipe-wait "no diagnostics" (lambda () (null (flymake-diagnostics))))
    (recipe-line-of "if (value) ")
    (delete-region (point) (match-end 0))
    (save-buffer)
    (recipe-wait "the diagnostic" #'flymake-diagnostics))

  (recipe-step "with checkOn \"type\" a mended header is checked before it is saved"
    (recipe-configure '(:checkOn "type"))
    (recipe-line-of "*value += 1")
    (insert "if (value) ")
    (recipe-ask-hover)
    (recipe-wait "no diagnostics" (lambda () (null (flymake-diagnostics))))
    (set-buffer-modified-p nil))

  (recipe-step "no other checker ran"
    (when recipe-foreign
      (error "Flymake ran a compiler of its own")))

  (recipe-step "a C file that is not BPF shows nothing"
    (find-file (expand-file-name "plain.c" (file-name-directory file)))
    (accept-process-output nil 0.5)
    (when (and flymake-mode (flymake-diagnostics))
      (error "%S" (flymake-diagnostics)))))

(princ (format "%d passed, %d failed\n" recipe-passed recipe-failed))
(kill-emacs recipe-failed)

;;; recipe.el ends here
