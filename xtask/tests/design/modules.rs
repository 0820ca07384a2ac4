//! Reads which source file of a crate uses which, from its `mod` and `use` lines and from the paths in its code.
//!
//! A file uses another if it names an item that is defined there. A name that a module passes on, by `pub use`, belongs to the
//! file that defines it, and to pass it on is not to use it: a parent that only declares its children and passes on what they
//! define is not a part of a circle. Code of tests does not count.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::circles::References;

/// The names of a path, in order: of the modules above a module and of itself, or of what code refers to.
type Names = Vec<String>;

/// Gives the text of a file, if there is one.
pub(crate) type ReadFile<'a> = &'a dyn Fn(&Path) -> Option<String>;

/// How many times a name may be passed on. More must be a circle of `use` lines.
const MOST_PASSED_ON: u32 = 16;

/// The modules of a crate.
#[derive(Default)]
pub(crate) struct Modules {
    modules: BTreeMap<Names, Module>,
}

/// What a module has, apart from the modules within it.
struct Module {
    file: PathBuf,
    /// What its `use` lines make known here: the name, and the path that it stands for.
    imports: BTreeMap<String, Names>,
    /// The paths that it uses.
    paths: BTreeSet<Names>,
}

impl Modules {
    /// Reads the crate whose first source file is `root`.
    pub(crate) fn read(root: &Path, read_file: ReadFile<'_>) -> Modules {
        let mut modules = Modules::default();
        let mut to_read = vec![(Names::new(), root.to_owned())];
        while let Some((names, file)) = to_read.pop() {
            let text = read_file(&file).unwrap_or_else(|| panic!("no {}", file.display()));
            let tokens: TokenStream = text
                .parse()
                .unwrap_or_else(|cause| panic!("{}: {cause}", file.display()));
            for module in modules.add(names, file, tokens) {
                let folder = root.with_file_name(module.join("/"));
                let candidates = [folder.with_extension("rs"), folder.join("mod.rs")];
                let file = candidates.into_iter().find(|path| read_file(path).is_some());
                let file = file.unwrap_or_else(|| panic!("no file for the module {}", module.join("::")));
                to_read.push((module, file));
            }
        }
        modules
    }

    /// Adds a module and those that stand in the same file. Gives back those that have a file of their own.
    fn add(&mut self, names: Names, file: PathBuf, tokens: TokenStream) -> Vec<Names> {
        let mut code = Code::default();
        code.read(tokens);
        let within = |name: &String| names.iter().chain([name]).cloned().collect::<Names>();
        let mut elsewhere: Vec<Names> = code.declared.iter().map(within).collect();
        for (name, tokens) in code.inline {
            elsewhere.extend(self.add(within(&name), file.clone(), tokens));
        }
        let Code { imports, mut paths, .. } = code;
        let used = imports.iter().filter(|(name, _)| code.words.contains(*name));
        paths.extend(used.map(|(_, path)| path.clone()));
        self.modules.insert(names, Module { file, imports, paths });
        elsewhere
    }

    /// Which file uses which others.
    pub(crate) fn references(&self) -> References<PathBuf> {
        let mut references = References::new();
        for (names, module) in &self.modules {
            let from = references.entry(module.file.clone()).or_insert_with(BTreeSet::new);
            let files = module.paths.iter().filter_map(|path| self.defined_in(names, path, 0));
            from.extend(files.filter(|file| *file != module.file));
        }
        references
    }

    /// The file that defines what `path` means in the module `here`; `None` if it is no item of this crate.
    fn defined_in(&self, here: &[String], path: &[String], n_passed_on: u32) -> Option<PathBuf> {
        let (mut module, mut rest) = self.start(here, path)?;
        while let [name, others @ ..] = rest {
            let known = self.modules.get(&module)?;
            let child: Names = module.iter().chain([name]).cloned().collect();
            match known.imports.get(name) {
                // The name of a function or a type may also be that of the module it comes from.
                Some(import) if others.is_empty() || !self.modules.contains_key(&child) => {
                    let path: Names = import.iter().chain(others).cloned().collect();
                    return (n_passed_on < MOST_PASSED_ON).then(|| self.defined_in(&module, &path, n_passed_on + 1))?;
                }
                _ if self.modules.contains_key(&child) => (module, rest) = (child, others),
                _ => return Some(known.file.clone()),
            }
        }
        None
    }

    /// The module in which the search for `path` begins, and the names that are left.
    fn start<'a>(&self, here: &[String], path: &'a [String]) -> Option<(Names, &'a [String])> {
        let (mut module, mut rest) = (here.to_vec(), path);
        loop {
            match rest {
                [first, others @ ..] if first == "crate" => (module, rest) = (Names::new(), others),
                [first, others @ ..] if first == "self" => rest = others,
                [first, others @ ..] if first == "super" => {
                    module.pop();
                    rest = others;
                }
                _ if rest.len() < path.len() => return Some((module, rest)),
                [first, ..] => {
                    let child: Names = module.iter().chain([first]).cloned().collect();
                    let is_known =
                        self.modules.contains_key(&child) || self.modules.get(&module)?.imports.contains_key(first);
                    return is_known.then_some((module, rest));
                }
                [] => return None,
            }
        }
    }
}

/// What stands in the code of one module.
#[derive(Default)]
struct Code {
    imports: BTreeMap<String, Names>,
    /// The paths in code, and in `use` lines that are not `pub`.
    paths: BTreeSet<Names>,
    /// The words in code with which a path begins, or which stand alone.
    words: BTreeSet<String>,
    /// The modules that have a file of their own.
    declared: Vec<String>,
    /// The modules that stand in the same file.
    inline: Vec<(String, TokenStream)>,
}

impl Code {
    fn read(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut rest = tokens.as_slice();
        while let [first, others @ ..] = rest {
            rest = match (first, others) {
                (TokenTree::Punct(mark), [TokenTree::Group(attribute), others @ ..]) if mark.as_char() == '#' => {
                    let is_of_tests = attribute.stream().to_string().replace(' ', "").starts_with("cfg(test");
                    if is_of_tests { after_item(others) } else { others }
                }
                (TokenTree::Ident(word), [TokenTree::Ident(name), body, others @ ..]) if word == "mod" => {
                    match body {
                        TokenTree::Group(body) => self.inline.push((name.to_string(), body.stream())),
                        _ => self.declared.push(name.to_string()),
                    }
                    others
                }
                (TokenTree::Ident(word), others) if word == "use" => self.read_use(others, &Names::new(), false),
                (TokenTree::Ident(word), [TokenTree::Ident(next), others @ ..]) if word == "pub" && next == "use" => {
                    self.read_use(others, &Names::new(), true)
                }
                (TokenTree::Ident(word), [TokenTree::Group(_), TokenTree::Ident(next), others @ ..])
                    if word == "pub" && next == "use" =>
                {
                    self.read_use(others, &Names::new(), true)
                }
                (TokenTree::Ident(word), others) => {
                    self.words.insert(word.to_string());
                    let (path, others) = path(rest).unwrap_or_else(|| (Names::new(), others));
                    self.paths.extend((path.len() > 1).then_some(path));
                    others
                }
                (TokenTree::Group(group), others) => {
                    self.read(group.stream());
                    others
                }
                (_, others) => others,
            };
        }
    }

    /// Reads the tree of a `use` line behind `before`, up to a comma or the end. Gives back what follows.
    fn read_use<'a>(&mut self, tokens: &'a [TokenTree], before: &[String], is_public: bool) -> &'a [TokenTree] {
        let (names, rest) = path(tokens).unwrap_or_else(|| (Names::new(), tokens));
        let mut names: Names = before.iter().cloned().chain(names).collect();
        // `a::{self}` is `a`.
        names.pop_if(|name| name == "self" && !before.is_empty());
        let mut imported = names.last().cloned();
        match rest {
            [TokenTree::Group(tree), ..] if tree.delimiter() == Delimiter::Brace => {
                imported = None;
                let tree: Vec<TokenTree> = tree.stream().into_iter().collect();
                let mut branches = tree.as_slice();
                while !branches.is_empty() {
                    branches = self.read_use(branches, &names, is_public);
                }
            }
            // Whatever the names of the module are, its file is meant.
            [TokenTree::Punct(mark), ..] if mark.as_char() == '*' => {
                imported = Some("*".to_owned());
                names.extend(imported.clone());
            }
            [TokenTree::Ident(_), TokenTree::Ident(alias), ..] => imported = Some(alias.to_string()),
            _ => {}
        }
        if let Some(name) = imported {
            self.paths.extend((!is_public).then(|| names.clone()));
            self.imports.insert(name, names);
        }
        let is_end = |token: &TokenTree| matches!(token, TokenTree::Punct(mark) if ",;".contains(mark.as_char()));
        let end = rest.iter().position(is_end).map_or(rest.len(), |at| at + 1);
        rest.get(end..).unwrap_or_default()
    }
}

/// What follows the item that begins here: behind its braces, or its semicolon.
fn after_item(tokens: &[TokenTree]) -> &[TokenTree] {
    let is_end = |token: &TokenTree| match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Punct(mark) => mark.as_char() == ';',
        _ => false,
    };
    let end = tokens.iter().position(is_end).map_or(tokens.len(), |at| at + 1);
    tokens.get(end..).unwrap_or_default()
}

/// The names that `::` joins where the tokens begin, and what follows, without the `::` before a tree.
fn path(tokens: &[TokenTree]) -> Option<(Names, &[TokenTree])> {
    let [TokenTree::Ident(first), rest @ ..] = tokens else {
        return None;
    };
    let (mut names, mut rest) = (vec![first.to_string()], rest);
    while let [TokenTree::Punct(one), TokenTree::Punct(two), others @ ..] = rest {
        if (one.as_char(), two.as_char()) != (':', ':') {
            break;
        }
        rest = others;
        let [TokenTree::Ident(next), others @ ..] = rest else {
            break;
        };
        names.push(next.to_string());
        rest = others;
    }
    Some((names, rest))
}

#[cfg(test)]
mod tests;
